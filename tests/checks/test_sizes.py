"""The sizes that keep each file readable; complexity is ruff's affair."""

import ast

from tests.checks.sources import files, lines, name, tree

FILE, FUNCTION, CLASS, PUBLIC_METHODS, TEMPLATE, OWN_JAVASCRIPT = 300, 40, 200, 12, 120, 3000
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def length(node: ast.stmt) -> int:
    """Count the lines of a definition."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_too_long():
    too_long = {name(path): lines(path) for path in files(".py", ".js", ".mjs", ".css") if lines(path) > FILE}
    assert not too_long, f"more than {FILE} lines: {too_long}"


def test_no_template_is_too_long():
    too_long = {name(path): lines(path) for path in files(".html", ".jinja", ".j2") if lines(path) > TEMPLATE}
    assert not too_long, f"more than {TEMPLATE} lines: {too_long}"


def test_no_function_is_too_long():
    too_long = [
        f"{name(path)}:{node.lineno} {node.name} ({length(node)})"
        for path in files(".py")
        for node in ast.walk(tree(path))
        if isinstance(node, FUNCTIONS) and length(node) > FUNCTION
    ]
    assert not too_long, f"more than {FUNCTION} lines: {too_long}"


def test_no_class_is_too_big():
    too_big = []
    for path in files(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                public = [item for item in node.body if isinstance(item, FUNCTIONS) and item.name[0] != "_"]
                if length(node) > CLASS or (len(public) > PUBLIC_METHODS and not node.name.startswith("Test")):
                    too_big.append(f"{name(path)}:{node.lineno} {node.name} ({length(node)}, {len(public)} methods)")
    assert not too_big, f"more than {CLASS} lines or {PUBLIC_METHODS} public methods: {too_big}"


def test_own_javascript_stays_small():
    own = [path for path in files(".js", ".mjs", folders=("kanal",)) if "frontend" in path.parts]
    assert sum(lines(path) for path in own) < OWN_JAVASCRIPT
