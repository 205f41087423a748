"""The filters of the design system, and that the bundle contains everything used in templates."""

import re
from pathlib import Path

import pytest

from kanal.web.templatetags.design import hue, initials

WEB = Path(__file__).parents[1]
COMPONENT = re.compile(r"<c-([a-z0-9.-]+)")
ENTITIES = [path for path in (WEB.parent).rglob("*.html") if "templates" in path.parts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Kim Larsen", "KL"), ("ACME", "A"), ("Anna Maria Novak", "AN"), ("čapek & sons", "ČS"), ("", ""), (None, "")],
)
def test_initials_are_of_the_first_and_last_word(name, expected):
    assert initials(name) == expected


def test_a_name_always_has_the_same_hue():
    assert hue("Kim Larsen") == hue("Kim Larsen")
    assert 0 <= hue("Kim Larsen") < 360


def test_each_component_that_a_template_names_exists():
    known = {"slot", "vars"} | {
        str(path.relative_to(WEB / "templates/cotton").with_suffix("")).replace("/", ".").replace("_", "-")
        for path in (WEB / "templates/cotton").rglob("*.html")
    }
    unknown = {
        f"{path.name}: c-{name}"
        for path in ENTITIES
        for name in COMPONENT.findall(path.read_text(encoding="utf-8"))
        if name not in known
    }
    assert not unknown
