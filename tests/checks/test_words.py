"""Docstrings and names: each module says what lives in it, each public name what it does."""

import ast

from tests.checks.sources import files, name, product, tree

NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base2"}
PUBLIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def test_each_module_says_what_lives_in_it():
    silent = [name(path) for path in files(".py") if tree(path).body and ast.get_docstring(tree(path)) is None]
    assert not silent, f"no docstring: {silent}"


def test_each_public_name_says_what_it_does():
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in product()
        for node in tree(path).body
        if isinstance(node, PUBLIC) and node.name[0] != "_" and ast.get_docstring(node) is None
    ]
    assert not silent, f"no docstring: {silent}"


def test_no_module_has_a_name_that_says_nothing():
    vague = [name(path) for path in files(".py") if path.stem in NAMES_THAT_SAY_NOTHING]
    assert not vague, vague
