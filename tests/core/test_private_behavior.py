"""What Kanal relies on in undocumented API of its libraries; `tests/checks/test_private_api.py` lists where."""

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
from tests.checks.sources import ROOT


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
