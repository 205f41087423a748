"""Names follow the field's terms: what was renamed keeps its new name, and docstrings say what is returned.

`RENAMED` is the glossary of what modules were called, for whoever reads old commits.
"""

import ast
import re

import pytest

from tests.checks.sources import files, is_test, name, product, tree

RENAMED = {
    "access/closures": "access/materialized", "access/door": "access/queryset", "access/fetch": "access/shortcuts",
    "access/grants": "access/permissions", "api/document": "api/openapi/document",
    "api/edge": "api/middleware", "api/limits": "api/rate_limiting",
    "api/once": "api/idempotency", "api/operations": "api/openapi/operations",
    "api/records": "api/serializers", "api/schemas": "api/openapi/schemas",
    "api/shapes": "api/openapi/components", "api/signing": "api/authentication",
    "core/contents": "core/stored_files", "core/progress": "core/job_progress", "core/queue": "core/job_queue",
    "core/remembered": "core/cache", "core/seeing": "core/observability", "fields/catalogue": "fields/registry",
    "fields/kinds": "fields/types", "fields/links": "fields/m2m", "fields/native": "fields/from_model",
    "fields/tables": "fields/code_tables", "importing/pieces": "importing/batch",
    "importing/running": "importing/runner", "intake/ahead": "intake/middleware",
    "intake/described": "intake/openapi", "intake/process": "intake/pipeline",
    "intake/receiving": "intake/storage", "listing/asking": "listing/query", "listing/keys": "listing/keyset",
    "listing/reading": "listing/fetch", "live/door": "live/authorization", "query/composed": "query/compiled",
    "quotes/filling": "quotes/pricing_rows", "quotes/keeping": "quotes/invariants",
    "search/asking": "search/sql", "search/scopes": "search/acl_tokens", "search/sight": "search/visibility",
    "web/day": "web/dashboards", "web/lagging": "web/replica_middleware", "web/panel": "web/action_panel",
    "web/requests": "web/http", "web/seeing": "web/request_log", "web/show": "web/display",
    "writes/bulk": "writes/bulk_update", "writes/making": "writes/bulk_create", "writes/numbers": "writes/sequences",
    "writes/pen": "writes/single", "writes/together": "writes/sql", "writes/touching": "writes/system_fields",
}  # fmt: skip
IDENTIFIERS = {
    "Tally": "RequestTrace", "tallying": "tracing", "grants_of": "permissions_of",
    "forget_grants": "forget_permissions",
    "Cleaning": "CleanContext", "Means": "ChangeSource",
    "remembered": "cached", "one_moment": "request_snapshot", "Composed": "CompiledQuery",
    "listen_now": "on", "now_many": "dispatch_many", "TooManyError": "RateLimited",
    "may_with": "has_feature_permission",
    "allowed_on": "permitted_actions", "those_of": "related_records", "titles_of": "display_names",
    "MoneyKind": "MoneyType", "DecimalNumber": "DecimalType", "KIND_OF": "TYPE_OF_COLUMN",
    "FAMILIES": "OPERATORS_BY_CATEGORY",
    "touch_many": "bulk_update_system_fields", "read_apart": "read_columns", "try_out": "dry_run_file",
}  # fmt: skip
FIRST_WORDS = ("Give ", "Gives ", "Tell whether", "Tells whether", "Say whether")


def identifiers(node):
    """Yield the names that a module binds or uses."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield part.name


def test_no_module_has_an_old_name():
    paths = {path.with_suffix("").as_posix() for path in files(".py")}
    old = [
        old_name
        for old_name in RENAMED
        if any(path.endswith(f"/{old_name}") or f"/{old_name}/" in path for path in paths)
    ]
    assert not old, {old_name: RENAMED[old_name] for old_name in old}


def test_no_identifier_has_an_old_name():
    old = [
        f"{name(path)}: {identifier}"
        for path in product()
        for identifier in {*identifiers(tree(path))} & IDENTIFIERS.keys()
    ]
    assert not old, f"renamed by {IDENTIFIERS}: {old}"


@pytest.mark.parametrize("kind", [ast.FunctionDef, ast.AsyncFunctionDef])
def test_docstrings_say_what_is_returned_as_others_do(kind):
    old = [
        f"{name(path)}:{node.lineno} {text.splitlines()[0]}"
        for path in product()
        if not is_test(path)
        for node in ast.walk(tree(path))
        if isinstance(node, kind) and node.returns is not None and not is_none(node.returns)
        if (text := ast.get_docstring(node) or "").startswith(FIRST_WORDS)
    ]
    assert not old, f"begin with Return: {old}"


def is_none(node):
    """Return whether an annotation is None."""
    return isinstance(node, ast.Constant) and node.value is None


def test_metaphors_are_left_to_the_guide_of_the_architecture():
    metaphors = re.compile(r"\bthe (pen|door)\b|# pen:", re.IGNORECASE)
    old = [
        f"{name(path)}:{number}"
        for path in files(".py")
        if path.name != "test_vocabulary.py" and "reliability" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if metaphors.search(line)
    ]
    assert not old, old
