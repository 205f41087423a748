"""What docs/api.md shows is so: requests are answered, filters are read, addresses and statuses are there."""

import re
import shlex
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from kanal.api.openapi.operations import MEANING
from kanal.config.env import ROOT
from kanal.core import registry
from kanal.core.query import FilterContext, QueryError, condition, parse
from kanal.entities.intake.tests.test_actions import make_source
from tests.api.conftest import call

__all__ = ["call"]

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"`\(?!?([a-z_.]+:[a-z]+\([^`]*\)[^`]*)`|^Example: `([^`]+)`", re.MULTILINE)
pytestmark = pytest.mark.django_db


def commands() -> list[list[str]]:
    """Return the calls of curl as lists of words."""
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    parsed = [shlex.split(block.replace("\\\n", " ")) for block in blocks]
    return [words for words in parsed if words[0] == "curl"]


def test_the_list_that_is_asked_for_answers(call: Any) -> None:
    """API-1: with the filter, the sort and the fields of the example."""
    words = next(words for words in commands() if "-G" in words)
    given = [words[at + 1] for at, word in enumerate(words) if word in ("-d", "--data-urlencode")]
    address = urlsplit(next(word for word in words if word.startswith("http"))).path
    query = urlencode(dict(parameter.split("=", 1) for parameter in given))
    status, data, _response = call("GET", f"{address}?{query}")
    assert status == 200
    assert set(data) == {"items", "next", "count", "count_is_estimate"}


def test_the_lead_that_is_sent_is_taken_once(client: Any) -> None:
    """INTAKE-1: 202 with an id; a repeat of the key answers with the same."""
    words = next(words for words in commands() if "POST" in words)
    address = urlsplit(next(word for word in words if word.startswith("http"))).path.replace("KEY", make_source().key)
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    kind, body = headers.pop("Content-Type"), words[words.index("-d") + 1]
    first, again = (client.post(address, body, content_type=kind, headers=headers) for _time in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    assert again["Idempotent-Replayed"] == "true"


def test_every_filter_that_is_shown_can_be_read() -> None:
    """LIST-2: on some type; examples name real fields."""
    shown = [first or second for first, second in EXAMPLE.findall(TEXT)]
    assert len(shown) > 4
    for text in [example for example in shown if not example.startswith("field:")]:
        assert any(can_be_read(text, entity) for entity in registry.all_entities()), text


def can_be_read(text: str, entity: Any) -> bool:
    """Return whether a filter fits a type."""
    try:
        condition(parse(text), entity, FilterContext())
    except QueryError:
        return False
    return True


def test_every_address_and_status_is_there(call: Any) -> None:
    """API-1: the table of addresses and that of statuses agree with the OpenAPI document."""
    document = call("GET", "/api/v1/openapi.json")[1]
    table = TEXT[TEXT.index("## Addresses") : TEXT.index("## Idempotency")]
    rows = re.findall(r"^\| `([A-Z]+)(?:`, `([A-Z]+))? (/api/v1/[^`]+)` \|", table, re.MULTILINE)
    assert len(rows) > 8
    for first, second, path in rows:
        here = path.replace("<type>", "leads").replace("<id>", "{pk}").replace("<verb>", "qualify")
        assert here in document["paths"], path
        assert {method.lower() for method in (first, second) if method} <= set(document["paths"][here]), path
    statuses = {int(status) for status in re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE)}
    assert statuses == set(MEANING) | {405}
