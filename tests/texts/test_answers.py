"""Errors, mails, exported heads and the texts of scripts, in the pseudo-language."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.http import Http404
from django.test import RequestFactory
from django.utils.translation import override

from kanal.core import registry
from kanal.web import errors
from tests.texts import pseudo
from tests.texts.conftest import Reader

COMMENT = re.compile(r"(?m)^\s*//.*$|/\*.*?\*/", re.S)
SCRIPTS = Path(__file__).parents[2] / "kanal/web/frontend/js"
NAMED = re.compile(r"\btext\(\s*\"(\w+)\"")
# A text in a script: a literal that begins with a capital and contains a space, or is given to what shows it.
LITERAL = re.compile(r"[\"'`]([A-Z][a-z]+(?: [a-z]+)+[.?!]?)[\"'`]|textContent = [\"'`]([A-Za-z ]+)[\"'`]")


def test_error_pages(reader: Reader, world):
    reader.get("/no/such/page")
    reader.get("/settings/roles/", "partner")
    reader.get("/me/token")
    request = RequestFactory().get("/")
    request.user = world.users["administrator"]
    with override(pseudo.CODE):
        for answer in (
            errors.page_not_found(request, Http404()),
            errors.permission_denied(request),
            errors.bad_request(request),
            errors.too_many_requests(request),
            errors.server_error(request),
        ):
            reader.read(answer, f"error {answer.status_code}")
    reader.refuse()


def test_mails(reader: Reader, world):
    reader.post("/login/password/", {"email": world.users["representative"].email}, "anonymous")
    assert mail.outbox
    for message in mail.outbox:
        reader.check(message.subject.removeprefix("[testserver] "), "subject")
        for paragraph in re.findall(f"{pseudo.OPEN}.*?{pseudo.CLOSE}|[^{pseudo.OPEN}]+", message.body, re.S):
            reader.check(paragraph, "mail")
    reader.refuse()


def test_the_heads_of_exports(reader: Reader):
    for entity in registry.all_entities():
        if entity.is_exportable:
            answer = reader.client("administrator").get(f"/{entity.path}/data/export.csv")
            head = content_of(answer).decode("utf-8-sig").split("\r\n")[0]
            for label in head.split(";"):
                reader.check(label.strip('"'), f"head of the export of {entity.key}")
    reader.refuse()


def test_refusals_of_the_api(reader: Reader, world):
    """In the language of the token's user."""
    headers = {"Authorization": f"Bearer {world.tokens['administrator']}"}
    for method, path, data in (
        ("post", "/leads", {}), ("post", "/leads", {"email": "x"}), ("get", "/leads?filter=x:is(1)", None),
        ("get", "/leads/1", None), ("get", "/leads?fields=x", None),
    ):  # fmt: skip
        client = reader.client("anonymous")
        answer = getattr(client, method)(f"/api/v1{path}", data, content_type="application/json", headers=headers)
        problem = answer.json()
        texts = [problem.get("detail", ""), *(error["message"] for error in problem.get("errors", []))]
        assert answer.status_code >= 400
        for text in texts:
            reader.check(text, f"API {method} {path}")
    reader.refuse()


def content_of(answer) -> bytes:
    """Return the content of an answer, however it is sent."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.stem)
def test_scripts_have_their_texts_from_the_page(reader: Reader, path):
    """Each text that a script names stands on the page, and no script holds a text of its own."""
    source = path.read_text(encoding="utf-8")
    page = reader.client("administrator").get("/crm/leads/data/").content.decode()
    missing = [name for name in NAMED.findall(source) if f"data-{name}=" not in page.lower()]
    assert not missing
    assert not LITERAL.findall(COMMENT.sub("", source))
