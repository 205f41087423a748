"""Names that an engineer can search for: local names say what they hold."""

import ast

from .sources import files, name, tree

# Words that say nothing of what a variable holds.
SAY_NOTHING = {"one", "found", "told", "seen"}


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
