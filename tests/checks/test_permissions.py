"""The write path skips its permission checks for an actor `within_action`: who calls that says who allowed the action.

The function of a declared action may call it with the action's own verb, since pages and endpoints ask for the
permission of the action first. Any other call says on its line who was asked: `# permitted: …`. Nothing else sets
`is_trusted`. What a user may see is asked of an `AccessCondition`, never read from the shape of a `Q`.
"""

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from kanal.core import registry
from tests.checks.sources import name, product, tree

ACCESS = "kanal/core/access/"
ACTOR = "kanal/core/actor.py"
REASON = "# permitted: "


def verbs_by_function() -> dict[tuple[str, str], set[str]]:
    """Return the verbs of the declared actions by the file and the name of their functions."""
    verbs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entity in registry.all_entities():
        for action in registry.actions(entity):
            if action.run is not None:
                function = inspect.unwrap(action.run)
                verbs[f"{function.__module__.replace('.', '/')}.py", function.__name__].add(action.verb)
    return verbs


def elevations(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Return the calls of `within_action` in a file, with the name of the function around each."""
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "within_action":
                    yield node, function.name


def is_explained(path: Path, call: ast.Call, verbs: set[str]) -> bool:
    """Return whether a call stands in an action of its own verb, or says who allowed it."""
    verb = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
    lines = path.read_text(encoding="utf-8").splitlines()[call.lineno - 1 : call.end_lineno]
    return verb in verbs or any(REASON in line for line in lines)


def test_who_skips_permission_checks_says_who_asked():
    verbs, unexplained, number = verbs_by_function(), [], 0
    for path in product():
        for call, function in elevations(path):
            number += 1
            if not is_explained(path, call, verbs[name(path), function]):
                unexplained.append(f"{name(path)}:{call.lineno}")
    assert number > 50
    assert not unexplained, f"ask for the permission, and say where on the line: `{REASON}by …`: {unexplained}"


def test_nothing_else_sets_it():
    setting = [
        name(path)
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg == "is_trusted"
    ]
    assert setting == [ACTOR]


def test_the_check_sees_an_elevation(tmp_path):
    path = tmp_path / "actions.py"
    path.write_text(
        "def sold(by):\n    by.within_action('sold')\n    by.within_action('other')\n"
        "    by.within_action('split')  # permitted: to the system\n"
    )
    wrong = [call.lineno for call, function in elevations(path) if not is_explained(path, call, {"sold"})]
    assert wrong == [3]


def test_nothing_takes_a_condition_apart_outside_of_access():
    """A condition that is written in another way may not change how search looks or what lists sort by."""
    places = [
        f"{name(path)}:{node.lineno}"
        for path in product()
        if not name(path).startswith(ACCESS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("children", "negated")
    ]
    assert not places, f"ask an AccessCondition instead of the shape of a Q: {places}"
