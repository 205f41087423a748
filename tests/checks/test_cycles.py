"""Imports form no circle, those inside functions included; only `ready()` may reach up, as it fills registries."""

import ast
from graphlib import CycleError, TopologicalSorter

from tests.checks.sources import ROOT, product, tree


def module_of(path):
    """Return the dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(node, known):
    """Yield the modules that a module imports anywhere, but for `ready()` and what is for type checkers."""
    if isinstance(node, ast.FunctionDef) and node.name == "ready":
        return
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield whole if whole in known else node.module
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from imports(child, known)


def test_imports_form_no_circle():
    known = {module_of(path): path for path in product() if "tests" not in path.parts}
    graph = {
        name: {imported for imported in imports(tree(path), known) if imported in known} - {name}
        for name, path in known.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from None


def test_a_circle_is_noticed():
    graph = {"a": {"b"}, "b": set(imports(ast.parse("def late():\n    import a"), {"a": None}))}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return
    raise AssertionError("the check does not see imports inside functions")
