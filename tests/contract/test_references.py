"""Everything that points at a record is known, and moves to the record that takes over (core.references)."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.test import Client

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.fields.columns import DerivedForeignKey
from kanal.core.models import CustomField, RecordAlias, SavedFilter
from kanal.core.query import indexes
from kanal.core.references import reassigning
from kanal.core.references.columns import CustomReference, Policy, references_of
from kanal.core.references.dependents import blocking_labels, references_to
from kanal.core.references.reassigning import reassign, replace_record
from kanal.features.comments.models import Comment
from kanal.features.files.models import File
from kanal.kit.errors import KanalError, Moved, NotFound, Refused
from tests.contract.test_registry import ENTITIES

# Columns that could hold ids of records, and why they need no reference.
DERIVED = {"owner_ids"}
PAST = {
    "core.auditentry.old", "core.auditentry.new", "core.auditentry.subject", "core.auditentry.actor_id",
    "core.change.old", "core.change.new", "core.change.actor_id", "core.selection.ids", "core.progress.result",
    "contracts.contractversion.terms", "importing.batch.changed", "importing.batch.made", "importing.import.fixed",
    "importing.import.trial", "importing.refusal.cells", "intake.intake.data", "intake.intake.steps",
    "splitter.receipt.candidates", "splitter.receipt.changed", "splitter.receipt.tried",
    "quotes.quoteitem.price_origin", "savedviews.watch.members",
}  # fmt: skip
NO_RECORDS = {
    "api.keptanswer.headers", "performance.routetime.durations", "core.change.chain",
    "core.customfield.choices", "core.customfield.default", "core.deliveryposition.last_id",
    "core.progress.job_id", "core.recordalias.old_id", "core.savedfilter.columns", "core.savedfilter.default_for",
    "core.savedfilter.roles", "core.subtotal.sums", "importing.import.formats", "importing.import.layout",
    "importing.import.mapping", "importing.import.survey", "importing.import.unknown", "importing.savedmapping.heads",
    "importing.savedmapping.values", "intake.intakesource.field_mapping", "intake.rawpost.headers",
    "quotes.templatereport.errors", "quotes.templatereport.remarks", "quotes.templatereport.tokens",
    "quotes.templatereport.unknown",
}  # fmt: skip


def may_hold_ids(column):
    """Return whether ids of records could stand in a column that is no foreign key."""
    if column.primary_key or column.is_relation or column.name in ("custom", "translations"):
        return False
    if isinstance(column, ArrayField):
        return isinstance(column.base_field, models.IntegerField)
    return isinstance(column, models.JSONField) or (
        isinstance(column, models.IntegerField) and column.name.endswith("_id")
    )


@pytest.mark.django_db
def test_every_column_that_may_point_at_a_record_is_known():
    """A new array, JSON column or id is declared as a reference, or named here with the reason why it is none."""
    known = {reference.key for entity in registry.all_entities() for reference in references_of(entity)}
    columns = {
        f"{model._meta.label_lower}.{column.name}"
        for model in apps.get_models()
        if model.__module__.startswith("kanal.")
        for column in model._meta.concrete_fields
        if may_hold_ids(column) and column.name not in DERIVED
    }
    derived = {"search.searchentry.record_id"}
    assert columns - known - PAST - NO_RECORDS - derived == set()
    assert columns >= (PAST | NO_RECORDS), "what is no longer there is not named"


@pytest.mark.django_db
def test_every_foreign_key_and_link_to_a_record_is_known():
    """They are keys; what is left out is derived or the table of a link that is keys by its field."""
    keys = {
        f"{model._meta.label_lower}.{column.name}"
        for model in apps.get_models()
        for column in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if column.related_model and registry.of(column.related_model) and not isinstance(column, DerivedForeignKey)
    }
    known = {reference.key for entity in registry.all_entities() for reference in references_of(entity)}
    left_out = {key.rsplit(".", 1)[0] for key in keys - known}
    assert left_out == {"core.grant", "core.projectpath", "core.supervisorpath"}


@ENTITIES
def test_another_record_takes_over_all_that_points_at_one(world, entity):
    """Nothing is left that moves, each record that points has it in its history, and nothing is lost."""
    source = world.find(entity.key)
    with transaction.atomic():
        target = world.make(entity)
        Comment.objects.create(entity=entity.key, record_id=source.pk, text="Beside it")
        for record in (source, target):
            File.objects.create(entity=entity.key, record_id=record.pk, name="same.txt")
        before = {row.reference.key: row.count for row in references_to(None, source) if moves(row)}
        there = {row.reference.key: row.count for row in references_to(None, target) if moves(row)}
        try:
            moved = reassign(source, target, by=SYSTEM)
        except KanalError as problem:
            pytest.fail(f"{type(problem).__name__}: {problem}")
        assert moved == before
        assert [row.reference.key for row in references_to(None, source) if moves(row)] == []
        now = {row.reference.key: row.count for row in references_to(None, target) if moves(row)}
        for key, count in before.items():
            assert there.get(key, 0) <= now.get(key, 0) <= count + there.get(key, 0), key
        transaction.set_rollback(True)


def moves(row):
    """Return whether rows move to the record that takes over."""
    return row.reference.policy == Policy.MOVES


@ENTITIES
def test_what_forbids_a_deletion_is_named_if_and_only_if_it_is_refused(world, entity):
    """The refusal of the database and what the references say agree."""
    record = world.find(entity.key)
    with transaction.atomic():
        labels = blocking_labels(entity, [record.pk])
        try:
            with transaction.atomic():
                entity.model._default_manager.get(pk=record.pk).delete()
            assert labels == []
        except models.ProtectedError:
            assert labels
        transaction.set_rollback(True)


def test_ids_in_filters_arrays_json_settings_and_custom_fields_move(world, admin):
    """What no foreign key shows moves too."""
    from kanal.core import settings
    from kanal.core.models import FieldVisibility

    old, new = world.find("users"), world.make(registry.get("users"))
    CustomField.objects.create(entity="accounts", key="keeper", name="Keeper", kind="user")
    invalidate()
    account = world.find("accounts")
    writes.change(account, {"custom": {"keeper": old.pk}}, by=SYSTEM)
    tree = {"all": [{"field": "assignee", "op": "any", "values": [str(old.pk), str(admin.pk)]},
                    {"not": {"field": "account.account_manager", "op": "is", "values": [str(old.pk)]}},
                    {"field": "priority", "op": "gt", "values": [str(old.pk)]}]}  # fmt: skip
    saved = SavedFilter.objects.create(name="Mine", entity="leads", owner=admin, tree=tree)
    hidden = FieldVisibility.objects.create(entity="leads", field="phone", users=[old.pk, admin.pk])
    project, other = world.find("projects"), world.make(registry.get("projects"))
    settings.set_setting("b2b.partner_project", project.pk)
    keys = {row.reference.key for row in references_to(None, old)}
    assert {"core.savedfilter.tree", "core.fieldvisibility.users", "accounts.account.custom"} <= keys
    reassign(old, new, by=SYSTEM)
    reassign(project, other, by=SYSTEM)
    saved.refresh_from_db()
    hidden.refresh_from_db()
    account.refresh_from_db()
    assert saved.tree["all"][0]["values"] == [str(new.pk), str(admin.pk)]
    assert saved.tree["all"][1]["not"]["values"] == [str(new.pk)]
    assert saved.tree["all"][2]["values"] == [str(old.pk)], "a number is no id"
    assert hidden.users == [new.pk, admin.pk]
    assert account.custom["keeper"] == new.pk
    assert settings.value("b2b.partner_project") == other.pk


def test_records_of_two_types_or_one_alone_are_refused(world):
    with pytest.raises(Refused):
        reassign(world.find("leads"), world.find("accounts"), by=SYSTEM)
    with pytest.raises(Refused):
        reassign(world.find("leads"), world.find("leads"), by=SYSTEM)


def test_what_a_rule_keeps_in_place_is_named(world, monkeypatch):
    """Nothing is left behind in silence."""
    monkeypatch.setattr(reassigning, "MOST_PASSES", 0)
    accounts = registry.get("accounts")
    with pytest.raises(Refused, match="contacts"):
        reassign(world.find("accounts"), world.make(accounts), by=SYSTEM)


def test_rows_that_are_no_records_move_by_one_statement(world, django_assert_num_queries):
    """However many comments a record has."""
    accounts = registry.get("accounts")
    source, target = world.find("accounts"), world.make(accounts)
    for number in range(5):
        Comment.objects.create(entity=accounts.key, record_id=source.pk, text=str(number))
    [comments] = [each for each in references_of(accounts) if each.model is Comment]
    savepoint = 2
    with django_assert_num_queries(2 + 1 + savepoint):
        assert reassigning.move_rows(comments, accounts, source.pk, target.pk, SYSTEM) >= 5


def test_what_depends_on_a_record_is_told_as_far_as_the_reader_sees_it(world, make_user):
    account = world.find("accounts")
    everything = {row.reference.key for row in references_to(None, account)}
    visible = references_to(make_user(rules={"accounts": ("all", ["view"])}), account)
    assert "opportunities.opportunity.account" in everything
    assert not {row.reference.key for row in visible} & {
        "opportunities.opportunity.account",
        "leads.lead.account",
    }


def test_an_old_address_leads_to_the_record_that_took_over(world, admin, make_user):
    """Asked only if the record isn't keys; who may not see the other record gets the usual answer."""
    from kanal.core import access, tokens

    accounts = registry.get("accounts")
    source, target, last = (world.make(accounts) for _ in range(3))
    old = source.pk
    replace_record(source, target, by=SYSTEM)
    with pytest.raises(Moved) as problem:
        access.get_for(admin, accounts, old)
    assert (problem.value.old_id, problem.value.new_id) == (old, target.pk)
    with pytest.raises(NotFound) as unseen:
        access.get_for(make_user(), accounts, old)
    assert not isinstance(unseen.value, Moved)
    browser = Client()
    browser.force_login(admin)
    answer = browser.get(f"{accounts.url(old)}?tab=history")
    assert (answer.status_code, answer["Location"]) == (301, f"{accounts.url(target.pk)}?tab=history")
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 'test')}"}
    answer = browser.get(f"/api/v1/accounts/{old}/history", headers=headers)
    assert (answer.status_code, answer["Location"]) == (301, f"/api/v1/accounts/{target.pk}/history")
    answer = browser.delete(f"/api/v1/accounts/{old}", headers=headers)
    assert answer.status_code == 404
    replace_record(target, last, by=SYSTEM)
    assert set(RecordAlias.objects.values_list("record_id", flat=True)) == {last.pk}
    assert browser.get(accounts.url(old))["Location"] == accounts.url(last.pk)
    writes.delete(last, by=SYSTEM)
    assert not RecordAlias.objects.exists()
    assert browser.get(accounts.url(old)).status_code == 404


def test_a_custom_field_is_read_by_its_index(world, admin):
    """Handing over asks each relation among the custom fields, also of the largest tables."""
    CustomField.objects.create(entity="accounts", key="keeper", name="Keeper", kind="user", filterable=True)
    invalidate()
    accounts = registry.get("accounts")
    [reference] = [each for each in references_of(registry.get("users")) if isinstance(each, CustomReference)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        indexes.create_indexes(accounts, fields_of(accounts)["custom.keeper"], concurrently=False)
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = reference.rows(registry.get("users"), admin.pk).explain()
    assert "Index Cond" in plan, plan
