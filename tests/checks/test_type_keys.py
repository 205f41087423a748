"""The lower layers know no record type by its key: what is special about one is registered by its own package."""

import re

import pytest

from tests.checks.sources import ROOT, files, is_test, name

KEYS = "leads|opportunities|accounts|contracts|quotes|contacts|activities|tasks|partners|campaigns|projects"
KEY = re.compile(rf"""["']({KEYS})["']""")
LAYERS = ("kanal/web", "kanal/api", "kanal/features", "kanal/core")
# File: what it names, and why it may.
ALLOWED = {
    "kanal/core/keys.py": ({"partners", "projects"}, "the access rules are about users, partners and projects"),
    "kanal/core/fields/type_registry.py": ({"accounts", "contacts"}, "custom fields of these kinds point there"),
    "kanal/core/fields/registry.py": ({"projects"}, "a condition of a custom field"),
    "kanal/features/importing/setup.py": ({"projects"}, "a field's name"),
    "kanal/web/navigation.py": ({"accounts"}, "a menu's name"),
    "kanal/web/templates/styleguide/parts/pickers.html": ({"accounts"}, "an example"),
}


def named_types() -> dict[str, set[str]]:
    """Return the keys of types that stand as texts in each file of the layers below the record types."""
    keys_by_path = {}
    for path in files(".py", ".html", ".jinja", ".js", folders=LAYERS):
        if not is_test(path) and (keys := set(KEY.findall(path.read_text(encoding="utf-8")))):
            keys_by_path[name(path)] = keys
    return keys_by_path


def test_no_layer_below_names_a_type():
    unexpected = {path: keys - ALLOWED.get(path, (set(), ""))[0] for path, keys in named_types().items()}
    assert not {path: keys for path, keys in unexpected.items() if keys}


def test_what_is_allowed_is_there():
    """So that the list does not outlive its reasons."""
    assert {path: keys for path, (keys, _why) in ALLOWED.items()} == named_types()


@pytest.mark.parametrize("text", ['registry.get("leads")', "x == 'tasks'"])
def test_a_named_type_is_noticed(text):
    assert KEY.search(text)
    assert (ROOT / LAYERS[0]).is_dir()
