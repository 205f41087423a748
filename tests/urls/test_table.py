"""Every address of the resolver stands in table.txt, and answers to each role what stands there (ACC-7)."""

import re
from pathlib import Path
from typing import Any

from kanal.core import registry
from tests.urls.addresses import Address, operations, pages
from tests.urls.conftest import url_of

ROLES = ("anonymous", "stranger", "representative", "director", "administrator", "partner")
PATTERNS = {"account_reset_password_from_key": "login/password/1-x/", "account_confirm_email": "login/e-mail/x/"}


def read_table() -> dict[str, list[str]]:
    """Read the table: name → answers, by role or (anonymous, signed in)."""
    text = Path(__file__).with_name("table.txt").read_text()
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {name: answers for name, *answers in rows}


def row_of(address: Address) -> str:
    """Name the row of an address: that of {type} for a generic page."""
    for entity in sorted(registry.all_entities(), key=lambda entity: -len(entity.key)):
        for before, path in (("", entity.path), ("project-", f"projects/<slug:identifier>/{entity.path}")):
            if address.name.startswith(f"{before}{entity.key}-") and address.route.startswith(f"{path}/"):
                return f"{before}{{type}}-{address.name.removeprefix(f'{before}{entity.key}-')}"
    return address.name


def test_every_address_stands_in_the_table():
    """House rule: a URL that is not in the table of URL × role fails a test."""
    names = {row_of(address) for address in pages()}
    assert names == set(read_table())


def answer(client: Any, url: str) -> str:
    """Return the status of an answer, `login` for the way to the login page."""
    response = client.get(url)
    if response.streaming:
        list(response.streaming_content)
    to_login = response.status_code == 302 and response["Location"].startswith("/login/")
    return "login" if to_login else str(response.status_code)


def test_each_role_gets_what_the_table_says(world, browse, ids):
    """ACC-7, SEC-1: anonymous to administrator, on every address; generic pages are asked of leads."""
    table, wrong = read_table(), []
    for address in pages():
        name = row_of(address)
        if name not in table or ("{type}" in name and not re.match(r"(project-)?leads-", address.name)):
            continue
        url = f"/{PATTERNS[name]}" if name in PATTERNS else url_of(address, world, ids)
        roles = ROLES if len(table[name]) == len(ROLES) else ("anonymous", "representative")
        for role, expected in zip(roles, table[name], strict=True):
            if (actual := answer(browse(role), url)) != expected:
                wrong.append(f"{name} ({url}): {role} gets {actual}, not {expected}")
    assert not wrong, "\n".join(wrong)


OF_TYPE = r"/[a-z-]+(/bulk|/\{pk\}(/history|/files|/comments|/[a-z-]+)?)?"
OWN_OPERATIONS = {
    ("GET", "/me"), ("GET", "/statuses"), ("GET", "/roles"),
    ("GET", "/categories"), ("GET", "/currencies"), ("GET", "/exchange-rates"),
    ("GET", "/custom-fields"), ("GET", "/saved-filters"), ("GET", "/jobs"), ("GET", "/jobs/{pk}"),
    ("POST", "/jobs/{pk}/cancel"), ("POST", "/jobs/{pk}/retry"), ("GET", "/files/{pk}/content"),
    ("PATCH", "/files/{pk}"), ("DELETE", "/files/{pk}"), ("PATCH", "/comments/{pk}"), ("DELETE", "/comments/{pk}"),
}  # fmt: skip


def test_every_operation_of_the_api_is_known():
    """House rule: an operation belongs to a type, or stands in the list."""
    keys = set(registry.keys())
    own = {operation for operation in operations() if operation[1].split("/")[1] not in keys}
    assert own == OWN_OPERATIONS
    assert all(re.fullmatch(OF_TYPE, path) for _method, path in set(operations()) - own)


def test_no_operation_answers_without_a_token(world, client):
    """API-1: 401 for everything below /api/v1."""
    answers = {
        (method, path): client.generic(method, f"/api/v1{path.replace('{pk}', '1')}").status_code
        for method, path in operations()
    }
    assert {operation: status for operation, status in answers.items() if status != 401} == {}
