"""Private API of libraries: each use is listed with its reason.

An update of a library may change such API without notice. `tests/core/test_private_behavior.py` tests what Kanal
relies on.
"""

import ast
import re
from collections.abc import Iterator

import django
import pytest

from tests.checks.sources import ROOT, name, product, tree

VERIFIED = (5, 2)
COMPILED = "a query is compiled once and asked with other values (decision record 13)"
DOCX = "python-docx can't insert, move or replace these parts"
USES = {
    "kanal/config/migrations.py": ({"MigrationExecutor"}, "there is no call for what is pending but a command's"),
    "kanal/config/serve.py": ({"MPServer", "wrks"}, "the server is watched and closes its streams before it stops"),
    "kanal/core/installation.py": ({"MigrationExecutor"}, "there is no call for what is pending but a command's"),
    "kanal/core/listing/fetch.py": ({"query.order_by", "query.where"}, "the order and condition of a query are kept"),
    "kanal/core/models/choices.py": ({"ForwardManyToOneDescriptor"}, "options come from memory without a statement"),
    "kanal/core/query/compiled.py": (
        {"BaseExpression", "Query", "_iterable_class", "_fields", "get_compiler", "query.get_compiler",
         "query.select_for_update"},
        COMPILED,
    ),
    "kanal/features/backup/restore.py": ({"MigrationLoader"}, "the migrations that this version has"),
    "kanal/kit/documents/environment.py": ({"_parse"}, "a template is checked before it is compiled"),
    "kanal/kit/documents/links.py": ({"_target"}, DOCX),
    "kanal/kit/documents/properties.py": ({"_blob"}, DOCX),
    "kanal/kit/documents/quotetemplate.py": ({"_p", "_tc", "_tr"}, DOCX),
    "kanal/kit/documents/rendering.py": ({"_blob"}, DOCX),
    "kanal/web/login/pages.py": ({"_get_login_attempts_cache_key"}, "wrong passwords count for each address"),
    "kanal/web/metricfiles.py": (
        {"MmapedDict", "values", "_capacity", "_f", "_init_value", "_used"}, "a full disk ends no process",
    ),
    "kanal/web/template_loader.py": ({"_get_template_string"}, "icons are plain tags, as pages show dozens of them"),
}  # fmt: skip
# Documented in spite of their names: Django's `Model._meta` and its kind, and the methods of named tuples.
DOCUMENTED = {"_meta", "_default_manager", "_base_manager", "_state", "_replace", "_asdict", "_exit"}
# Modules of libraries that their documentation does not speak of, and names in others.
UNDOCUMENTED = re.compile(
    r"django\.db\.models\.sql|django\.db\.models\.fields\.related_descriptors|django\.db\.migrations\.(executor|loader)"
    r"|granian\.server|prometheus_client\.mmap_dict"
)
NAMES = {("django.db.models.expressions", "BaseExpression"), ("prometheus_client", "values")}
ATTRIBUTES = {"wrks", "get_compiler"}
OF_QUERIES = {"order_by", "where", "get_compiler", "select_for_update"}


def imported(node: ast.ImportFrom) -> Iterator[str]:
    """Yield the undocumented names that a statement imports."""
    module = node.module or ""
    for alias in node.names:
        is_private = UNDOCUMENTED.match(module) or (module, alias.name) in NAMES or alias.name.startswith("_")
        if is_private and not module.startswith("kanal"):
            yield alias.name


def accessed(node: ast.Attribute, own: set[str]) -> Iterator[str]:
    """Yield the name of a private attribute of something that is not our own."""
    is_private = re.match("_[a-z]", node.attr) and node.attr not in DOCUMENTED | own
    if is_private or node.attr in ATTRIBUTES:
        yield node.attr
    if isinstance(node.value, ast.Attribute) and node.value.attr == "query" and node.attr in OF_QUERIES:
        yield f"query.{node.attr}"


def looked_up(call: ast.Call) -> Iterator[str]:
    """Yield the private name that a call of `getattr` and its kind looks up."""
    if isinstance(call.func, ast.Name) and call.func.id in ("getattr", "hasattr", "setattr"):
        key = call.args[1]
        if isinstance(key, ast.Constant) and re.match("_[a-z]", str(key.value)) and key.value not in DOCUMENTED:
            yield str(key.value)


def own_names(module: ast.Module) -> set[str]:
    """Return the private names that a module defines; a method that calls the one it replaces is not its own."""
    own: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and f"super().{node.name}" not in ast.unparse(node):
            own.add(node.name)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            own.add(node.attr)
    return own


def names_in(module: ast.Module) -> Iterator[str]:
    """Yield the private names of others that a module uses."""
    own = own_names(module)
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            yield from imported(node)
        if isinstance(node, ast.Attribute):
            yield from accessed(node, own)
        if isinstance(node, ast.Call):
            yield from set(looked_up(node)) - own


def private_uses() -> dict[str, set[str]]:
    """Return the private names that each file of Kanal uses."""
    names_by_file = {name(path): set(names_in(tree(path))) for path in product()}
    return {path: names for path, names in names_by_file.items() if names}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("records._fields", {"_fields"}),
        ("getattr(request, '_files', None)", {"_files"}),
        ("from django.db.models.sql import Query", {"Query"}),
        ("class A(B):\n  def _a(self):\n    return super()._a()", {"_a"}),
        ("class A:\n  def _a(self):\n    self._b = self._a()", set()),
        ("record._meta.label, records.query.where", {"query.where"}),
    ],
)
def test_a_private_name_is_noticed(source, names):
    """Of another's, not of one's own."""
    assert set(names_in(ast.parse(source))) == names


def test_each_use_is_listed():
    """With what it is for; and the list holds nothing that is gone."""
    assert private_uses() == {path: names for path, (names, _why) in USES.items()}
    assert all((ROOT / path).is_file() and why for path, (_names, why) in USES.items())


def test_the_version_of_django_is_the_verified_one():
    """So that nobody takes a new minor version without a look at what it changed."""
    assert django.VERSION[:2] == VERIFIED, (
        f"Django {django.get_version()} is new: read its changes to QuerySet, sql.Compiler, related_descriptors and "
        "the migration executor, run tests/core/test_private_behavior.py, tests/core/test_compiled.py and make bench, "
        "and then raise VERIFIED."
    )
