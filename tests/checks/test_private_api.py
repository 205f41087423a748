"""Private API of libraries: each use is listed with its reason, and what Kanal relies on is tried here.

An update of a library may change it without a word. A test of this file then says what to look at.
"""

import ast
import re
from collections.abc import Iterator

import django
import docx
import jinja2
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import CharField
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from docx.opc.constants import RELATIONSHIP_TYPE
from granian.server.mp import MPServer

from kanal.core.cache import invalidate
from kanal.core.models import Role
from kanal.core.query.compiled import CompiledQuery, Param
from kanal.core.registry import get as entity_of
from kanal.kit.documents.environment import Sandbox
from kanal.web.login.pages import Adapter
from kanal.web.metricfiles import Allocated
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
        "the migration executor, run this file, tests/core/test_compiled.py and make bench, and then raise VERIFIED."
    )


@pytest.mark.django_db
def test_a_compiled_query_is_asked_with_other_values():
    """`QuerySet._iterable_class`, `_fields`, `get_compiler` and a compiler whose `as_sql` is replaced."""
    for key in ("first", "second"):
        Role.objects.create(key=key, name=key)
    condition = Role.objects.filter(name=Param("name", CharField()))
    plain, values, flat = condition, condition.values("name"), condition.values_list("name", flat=True)
    for records, expected in ((values, {"name": "second"}), (flat, "second")):
        query = CompiledQuery(records)
        with CaptureQueriesContext(connection) as statements:
            assert query.ask(name="second") == [expected]
        assert [statement["sql"] for statement in statements] == [query.statement % "'second'"]
        assert query.ask(name="first") != [expected]
    record = CompiledQuery(plain).first(name="second")
    assert (type(record), record.name, record._state.adding) == (Role, "second", False)
    assert plain.query.get_compiler(connection.alias).as_sql()[0] == CompiledQuery(plain).statement
    ordered = Role.objects.filter(name="x").order_by("-name")
    assert (ordered.query.order_by, bool(ordered.query.where)) == (("-name",), True)
    assert not Role.objects.all().query.where
    assert Role.objects.select_for_update().query.select_for_update


@pytest.mark.django_db
def test_an_option_comes_from_memory():
    """`ForwardManyToOneDescriptor.get_object` is asked for a record that is not there yet, and can be replaced."""
    model = entity_of("leads").model
    descriptor = model.__dict__["status"]
    status = descriptor.field.related_model.objects.first()
    invalidate()
    assert isinstance(descriptor, ForwardManyToOneDescriptor)
    assert model(status_id=status.pk).status == status
    with CaptureQueriesContext(connection) as statements:
        assert model(status_id=status.pk).status == status
    assert not statements.captured_queries


@pytest.mark.django_db
def test_pending_migrations_are_known():
    """`MigrationExecutor.migration_plan`, `loader.graph.leaf_nodes` and `MigrationLoader.disk_migrations`."""
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert ("core", "0001_initial") in MigrationLoader(None).disk_migrations


def test_wrong_passwords_are_counted_by_allauth_at_a_key_that_can_be_changed():
    """`_get_login_attempts_cache_key` is asked before a sign-in and holds the name."""
    keys = []
    for address in ("192.0.2.1", "192.0.2.2"):
        request = RequestFactory().get("/login/", REMOTE_ADDR=address)
        keys.append(Adapter(request)._get_login_attempts_cache_key(request, username="ola"))
    own = DefaultAccountAdapter(request)._get_login_attempts_cache_key(request, username="ola")
    assert keys == [f"{own}:192.0.2.1", f"{own}:192.0.2.2"]


def test_icons_become_tags_before_components_are_compiled():
    """`Loader._get_template_string` of cotton reads what is compiled."""
    loader = next(
        loader
        for loader in all_loaders(engines["django"].engine.template_loaders)
        if hasattr(loader, "cotton_compiler")
    )
    origin = next(
        source for source in loader.get_template_sources("modules/records.html") if (ROOT / source.name).is_file()
    )
    source = (ROOT / origin.name).read_text()
    assert '<c-icon name="circle-check" />' in source
    assert '{% icon "circle-check" "" "" %}' in loader.get_contents(origin)


def all_loaders(loaders):
    """Yield template loaders, those within a caching one too."""
    for loader in loaders:
        yield loader
        yield from all_loaders(getattr(loader, "loaders", ()))


def test_the_server_knows_its_processes():
    """granian: `MPServer.wrks` lists the processes, `workers` says how many there should be; `startup` starts them."""
    server = MPServer("kanal.config.asgi:application", workers=2)
    assert (server.wrks, server.workers, callable(server.startup)) == ([], 2, True)


def test_figures_in_a_file_grow_with_it(tmp_path):
    """prometheus_client: `MmapedDict._init_value` makes each new figure; `_used`, `_capacity`, `_f` tell its room."""
    figures = Allocated(str(tmp_path / "counter_1.db"))
    capacity, used = figures._capacity, figures._used
    figures.write_value("key", 2.0, 0.0)
    assert (figures.read_value("key")[0], figures._used > used, figures._f.closed) == (2.0, True, False)
    figures.write_value("k" * capacity, 1.0, 0.0)
    assert figures._capacity > capacity
    figures.close()


def test_templates_are_checked_when_they_are_parsed():
    """jinja2: `Environment._parse` is asked for each template and returns its tree."""
    assert Sandbox().from_string("{{ 1 + 1 }}").render() == "2"
    with pytest.raises(jinja2.TemplateError):
        Sandbox().from_string("{% for one in range(3) %}{{ one }}{% endfor %}{% macro m() %}{% endmacro %}")


def test_parts_of_a_document_are_reached():
    """python-docx: `_p`, `_tc`, `_tr` are the elements, `_blob` and `_target` what a part and a link hold."""
    document = docx.Document()
    row = document.add_table(1, 1).rows[0]
    assert [document.add_paragraph("x")._p.tag, row.cells[0]._tc.tag, row._tr.tag] == [
        docx.oxml.ns.qn(f"w:{tag}") for tag in ("p", "tc", "tr")
    ]
    key = document.part.relate_to("https://kanal.example/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    document.part.rels[key]._target = "https://kanal.example/changed"
    assert document.part.rels[key].target_ref == "https://kanal.example/changed"
    assert any(hasattr(part, "_blob") for part in document.part.package.iter_parts())
