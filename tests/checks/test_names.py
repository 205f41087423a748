"""Names that an engineer can search for: local names say what they hold, and public functions don't share names."""

import ast
from collections import defaultdict

from .sources import files, name, product, tree

# Words that say nothing of what a variable holds.
SAY_NOTHING = {"one", "found", "told", "seen"}
# Names of functions that a convention asks for; they are called by name.
CONVENTIONS = {
    "seed": "each room's records of a new installation",
    "main": "the entry of a program",
    "money": "the columns and comparisons of an amount, and the filter of templates",
}
MOST = 3


def bound_names(module):
    """Yield the names that functions bind, with their lines: variables and parameters."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


def test_local_names_say_what_they_hold():
    vague = [
        f"{name(path)}:{line} {bound}"
        for path in files(".py")
        for line, bound in bound_names(tree(path))
        if bound in SAY_NOTHING
    ]
    assert not vague, vague


def test_a_public_function_name_occurs_at_most_three_times():
    places = defaultdict(list)
    for path in product():
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                places[node.name].append(f"{name(path)}:{node.lineno}")
    repeated = {key: where for key, where in places.items() if len(where) > MOST and key not in CONVENTIONS}
    assert not repeated, repeated
