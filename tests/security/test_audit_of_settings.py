"""Every change of a setting leaves an entry in the audit log: who, by what means, which row, old and new (ACC-10)."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext  # noqa: F401

from kanal.core import audit, registry
from kanal.core.access.queryset import is_common
from kanal.core.models import (
    ApiToken,
    AuditEntry,
    Category,
    Choice,
    Currency,
    CustomField,
    ExchangeRate,
    FieldRule,
    FieldVisibility,
    Role,
    SavedFilter,
)

# Lists of the whole installation that are data, not settings: their history tells of them.
DATA = {"products", "intakes", "harbours"}


def entries(key: str = "") -> list[AuditEntry]:
    """List the entries of one table that triggers made, the oldest first."""
    rows = AuditEntry.objects.exclude(done="").order_by("id")
    return list(rows.filter(entity=key) if key else rows)


def test_no_table_of_settings_is_left_out() -> None:
    """ACC-10: all lists of options, and all record types that belong to the whole installation."""
    known = {table.model for table in audit.watched().values()}
    options = {model for model in apps.get_models() if issubclass(model, Choice)}
    common = {entity.model for entity in registry.all_entities() if is_common(entity) and entity.key not in DATA}
    assert not {model.__name__ for model in (options | common) - known}


SETTINGS = [
    record_type.key
    for record_type in registry.all_entities()
    if record_type.model in {w.model for w in audit.watched().values()}
]


@pytest.mark.parametrize("key", SETTINGS)
def test_record_types_by_page_and_api(world: Any, call: Any, browse: Any, key: str) -> None:
    """ACC-10: made, changed and deleted by API, changed by page; always with who, what it is called, old and new."""
    entity = registry.get(key)
    label = entity.model._meta.label_lower
    before = len(entries(label))
    status, made = call("POST", f"/{key}", world.values(entity))
    assert status == 201, made
    name = f"Quite another {key}"[:30]
    title = "last_name" if key == "users" else entity.title
    assert call("PATCH", f"/{key}/{made['id']}", {title: name})[0] == 200
    assert browse().post(f"{entity.url(made['id'])}delete").status_code in (200, 302)
    new_entries = [entry for entry in entries(label)[before:] if entry.record_id == made["id"]]
    assert {entry.done for entry in new_entries} == {"i", "u", "d"}
    assert {(entry.actor_id, entry.actor) for entry in new_entries} == {(world.admin.pk, str(world.admin))}
    assert {entry.means for entry in new_entries} == {"api", "form"}
    changed = next(entry for entry in new_entries if entry.done == "u")
    assert name in str(changed.new)
    assert name not in str(changed.old)
    assert all(entry.subject for entry in new_entries)
    page = browse().get("/settings/audit/").content.decode()
    assert name in page


def post(client: Any, url: str, **values: Any) -> None:
    """Send a form that must be taken."""
    answer = client.post(url, values)
    form = answer.context and answer.context.get("form")
    assert answer.status_code in (200, 302), form and form.summary


def change_rate(admin: Any, world: Any) -> None:
    """Enter a rate, and another for the same day."""
    for rate in ("0.5", "0.6"):
        post(admin, "/settings/currencies/", currency="USD", day="2026-03-01", rate=rate)


def change_category(admin: Any, world: Any) -> None:
    """Make, rename and delete a category."""
    post(admin, "/settings/categories/category-industry/new", name="Fishing", position=1)
    row = Category.objects.get(name="Fishing")
    post(admin, f"/settings/categories/category-industry/{row.pk}/edit", name="Fisheries", position=1)
    post(admin, f"/settings/categories/category-industry/{row.pk}/delete")


def change_custom_field(admin: Any, world: Any) -> None:
    """Make, rename and delete a custom field."""
    post(admin, "/settings/custom-fields/new", entity="leads", kind="text", name="Berth", position=1)
    row = CustomField.objects.get(name="Berth")
    post(admin, f"/settings/custom-fields/{row.pk}/edit", name="Quay", position=1)
    post(admin, f"/settings/custom-fields/{row.pk}/delete")


def change_field_rule(admin: Any, world: Any) -> None:
    """Make, change and delete a rule for a field."""
    for mode in ("required", "hidden"):
        post(admin, "/settings/field-rules/", type="leads", field="email", mode=mode)
    post(admin, f"/settings/field-rules/{FieldRule.objects.get().pk}/delete")


def change_visibility(admin: Any, world: Any) -> None:
    """Limit a field, otherwise, and show it to all again."""
    post(admin, "/settings/field-visibility/", type="leads", field="email", user_types=["director"])
    post(admin, "/settings/field-visibility/", type="leads", field="email", users=[world.admin.pk])
    post(admin, f"/settings/field-visibility/{FieldVisibility.objects.get(entity='leads').pk}/delete")


def change_filter(admin: Any, world: Any) -> None:
    """Share a saved filter, change it, delete it."""
    given = {"name": "Norway", "filter": "country:is(NO)", "view": "list", "columns": "name"}
    post(admin, "/saved-filters/accounts/new", **given, audience="public")
    row = SavedFilter.objects.get(name="Norway")
    post(admin, f"/saved-filters/{row.pk}/edit", **{**given, "name": "Norge"}, audience="public")
    post(admin, f"/saved-filters/{row.pk}/delete")


def change_token(admin: Any, world: Any) -> None:
    """Make and withdraw a token."""
    post(admin, "/me/tokens", name="Script")
    post(admin, f"/me/tokens/{ApiToken.objects.get(name='Script').pk}/delete")


def change_setting(admin: Any, world: Any) -> None:
    """Store a setting, another value, the default again."""
    for value in ("50", "60"):
        post(admin, "/settings/options/files/", **{"files.max_megabytes": value})


def change_role(admin: Any, world: Any) -> None:
    """Give a role permissions, and to somebody; take both away."""
    role = Role.objects.create(key="harbour-master", name="Harbour master")
    post(admin, f"/settings/roles/{role.pk}/", **{"leads.actions": ["view"], "leads.visibility": "own"})
    post(admin, f"/settings/roles/{role.pk}/", **{"leads.actions": ["view", "edit"], "leads.visibility": "all"})
    post(admin, f"/settings/roles/{role.pk}/members", user=world.users["stranger"].pk)
    assignment = role.assignments.get(user=world.users["stranger"])
    post(admin, f"/settings/roles/{role.pk}/members/{assignment.pk}/remove")


CASES = [
    (change_rate, "core.exchangerate", "iu", ("0.5", "0.6", "USD")),
    (change_category, "core.category", "iud", ("Fishing", "Fisheries")),
    (change_custom_field, "core.customfield", "iud", ("Berth", "Quay", "Leads")),
    (change_field_rule, "core.fieldrule", "iud", ("E-mail", "Required", "Hidden", "Leads")),
    (change_visibility, "core.fieldvisibility", "iud", ("E-mail", "director", "Leads")),
    (change_filter, "core.savedfilter", "iud", ("Norway", "Norge", "Accounts")),
    (change_token, "core.apitoken", "id", ("Script",)),
    (change_setting, "core.setting", "iu", ("50", "60")),
    (change_role, "core.rolerule", "iu", ("Harbour master", "Leads", "edit")),
    (change_role, "core.assignment", "id", ("Harbour master", "stranger")),
]


@pytest.mark.parametrize(("change", "key", "done", "words"), CASES)
def test_settings_by_page(world: Any, browse: Any, change: Any, key: str, done: str, words: tuple[str, ...]) -> None:
    """ACC-10: each page of settings; the audit page tells what was, and what is, by names that people know."""
    before = len(entries(key))
    change(browse(), world)
    new_entries = entries(key)[before:]
    assert [entry.done for entry in new_entries if entry.record_id == new_entries[0].record_id] == list(done)
    assert {(entry.actor_id, entry.means) for entry in new_entries} == {(world.admin.pk, "form")}
    page = browse().get("/settings/audit/").content.decode()
    for word in words:
        assert word in page, word
    assert "{" not in page.split("<tbody>")[1].split("</tbody>")[0]


def test_a_token_by_the_command_line(world: Any, browse: Any, capsys: Any) -> None:
    """ACC-10: who runs `kanal token` is named as the operating system knows them; the token itself is in no entry."""
    call_command("token", world.admin.username, "--name", "Nightly")
    token = capsys.readouterr().out.strip()
    entry = entries("core.apitoken")[-1]
    assert (entry.means, bool(entry.actor), entry.subject["name"]) == ("command", True, "Nightly")
    assert token not in str([entry.old, entry.new, entry.subject])
    page = browse().get("/settings/audit/?kind=token").content.decode()
    assert "Nightly" in page
    assert "Command line" in page


def test_a_change_by_nobody_is_noted_too(world: Any, browse: Any) -> None:
    """ACC-10: what is written past Kanal, as in a shell or by SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kanal.actor', '', true)")
    Role.objects.filter(key="support").update(name="Helpers")
    entry = entries("core.role")[-1]
    assert (entry.actor_id, entry.means) == (None, "sql")
    assert (entry.old, entry.new) == ({"name": "Support"}, {"name": "Helpers"})
    assert "Database" in browse().get("/settings/audit/").content.decode()


def test_secrets_are_told_of_but_not_told(world: Any, call: Any) -> None:
    """ACC-10: a new key of an intake source is noted; neither the old nor the new one can be read."""
    source = registry.get("intake-sources").model.objects.first()
    old = source.key
    registry.get("intake-sources").model.objects.filter(pk=source.pk).update(key="a-new-key-of-the-source")
    entry = entries("intake.intakesource")[-1]
    assert (entry.old, entry.new) == ({"key": "•••"}, {"key": "•••"})
    assert old not in str(entry.old)


def test_many_rows_at_once_are_one_entry(world: Any) -> None:
    """ACC-10: imported exchange rates are told by their number."""
    usd = Currency.objects.get(code="USD")
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 20)]
    ExchangeRate.objects.bulk_create(ExchangeRate(currency=usd, day=day, rate="0.9") for day in days)
    assert [entry.new for entry in entries("core.exchangerate")][-1] == {"rows": 228}


def test_an_own_filter_is_nobodys_business(world: Any) -> None:
    """ACC-10: saved filters are noted from the moment on that others see them."""
    row = SavedFilter.objects.create(name="Mine", entity="leads", owner=world.admin)
    assert not entries("core.savedfilter")
    SavedFilter.objects.filter(pk=row.pk).update(audience="public")
    assert entries("core.savedfilter")[-1].new == {"audience": "public"}


def test_members_of_a_group(world: Any, call: Any, browse: Any) -> None:
    """ACC-10: who joins and leaves a group, since roles follow from it."""
    group = world.records["groups"]
    people = [world.users["stranger"].pk]
    assert call("PATCH", f"/groups/{group.pk}", {"members": people})[0] == 200
    page = browse().get("/settings/audit/?kind=rights").content.decode()
    assert str(world.users["stranger"]) in page
    assert str(group) in page
