"""Records change only through `core.writes`.

What looks like a write elsewhere is refused unless its line gives the reason: `# direct write: a preference`.
"""

import ast
from pathlib import Path

from tests.checks.sources import name, product, tree

EXEMPT = ("kanal/core/", "kanal/config/")
ALLOWED = "# direct write: "
MAKERS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "raw_save"}


def is_write(call: ast.Call) -> bool:
    """Return whether a call looks like Django's save, update, delete or one of its kin."""
    if not isinstance(call.func, ast.Attribute):
        return False
    verb, target = call.func.attr, call.func.value
    if isinstance(target, ast.Call) and isinstance(target.func, ast.Name) and target.func.id == "super":
        return False
    if verb in MAKERS:
        return True
    if verb == "create":
        return isinstance(target, ast.Attribute) and target.attr == "objects"
    if verb in {"save", "delete"}:
        return not call.args
    return verb == "update" and not call.args and bool(call.keywords)


def writes(path: Path) -> list[str]:
    """List the lines of a file that look like a write and return no reason."""
    text = path.read_text(encoding="utf-8").splitlines()
    locations = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and is_write(node):
            spoken = text[node.lineno - 1 : node.end_lineno]
            if not any(ALLOWED in line for line in spoken):
                locations.append(f"{name(path)}:{node.lineno}")
    return locations


def test_only_the_pen_writes():
    locations = []
    for path in product():
        if not name(path).startswith(EXEMPT) and "/management/" not in name(path):
            locations += writes(path)
    assert not locations, f"write through core.writes, or say `{ALLOWED}why` on the line: {locations}"


def test_the_check_sees_a_write(tmp_path):
    path = tmp_path / "room.py"
    path.write_text("lead.save()\nLead.objects.filter(a=1).update(a=2)\ncache.delete('key')\nwords.update({'a': 1})\n")
    lines = [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and is_write(node)]
    assert lines == [1, 2]
