"""What search finds follows the rules about fields, whatever was hidden before (ACC-6, FORM-2, SRCH-2)."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import administration, registry, writes
from kanal.core.access.field_rules import limited_fields
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import CustomField, FieldRule, FieldVisibility
from kanal.features.search.jobs import rebuild_type
from kanal.features.search.models import SearchEntry


@pytest.fixture
def settled_jobs(db):
    """Return what runs the queued rebuilds, as a worker would that remembers nothing of the last steps."""

    def run():
        for job in ProcrastinateJob.objects.filter(task_name="search.rebuild").order_by("id"):
            rebuild_type(entity_key=job.args["entity_key"])

    return run


@pytest.fixture
def account(db):
    """Return an account with a distinctive value in each searched field."""
    values = {"organization": "Fjordkraft", "email": "post@zqmailqz.example", "type": "organization",
              "registration_number": "zqnumberqz"}  # fmt: skip
    return writes.create(registry.get("accounts"), values, by=SYSTEM)


def words(record):
    """Return the words by which a record is found."""
    return SearchEntry.objects.get(entity=registry.of(record).key, record_id=record.pk).words


def test_the_rebuild_reads_rules_that_another_process_has_just_stored(account):
    """What this process remembers of the rules is older than the job that asks for a rebuild."""
    assert "email" not in limited_fields("accounts")
    FieldVisibility.objects.create(entity="accounts", field="email", user_types=["administrator"])
    rebuild_type(entity_key="accounts")
    assert "zqmailqz" not in words(account)
    FieldVisibility.objects.all().delete()
    rebuild_type(entity_key="accounts")
    assert "zqmailqz" in words(account)


@pytest.mark.parametrize(
    "steps",
    [
        ("+email", "+registration_number"),
        ("+registration_number", "+email", "-registration_number"),
        ("+email", "-email", "+email", "+registration_number", "-email"),
    ],
    ids=" ".join,
)
def test_any_sequence_ends_as_the_last_rules_say(account, client, admin, steps, settled_jobs):
    """Fields of one type that are hidden and shown within seconds: the jobs run after all of it, or between."""
    client.force_login(admin)
    for step in steps:
        key = step[1:]
        if step[0] == "+":
            client.post("/settings/field-visibility/", {"type": "accounts", "field": key, "user_types": ["partner"]})
        else:
            row = FieldVisibility.objects.get(entity="accounts", field=key)
            assert client.post(f"/settings/field-visibility/{row.pk}/delete").status_code == 302
    settled_jobs()
    hidden = set(FieldVisibility.objects.values_list("field", flat=True))
    for key, word in (("email", "zqmailqz"), ("registration_number", "zqnumberqz")):
        assert (word in words(account)) == (key not in hidden), key


def test_two_rebuilds_are_asked_for_so_that_nobody_remembers_older_rules(account, client, admin):
    """A process may write an entry by what it remembers for some seconds; a later rebuild mends that."""
    client.force_login(admin)
    client.post("/settings/field-visibility/", {"type": "accounts", "field": "email", "user_types": ["partner"]})
    jobs = list(ProcrastinateJob.objects.filter(task_name="search.rebuild").order_by("id"))
    assert [job.scheduled_at is None for job in jobs] == [True, False]
    assert {job.args["entity_key"] for job in jobs} == {"accounts"}


def test_a_field_hidden_at_a_status_is_not_found_by_search(account):
    """FORM-2: hidden is hidden in search too, or one could probe it."""
    FieldRule.objects.create(entity="accounts", field="registration_number", mode=FieldRule.Mode.HIDDEN)
    invalidate()
    rebuild_type(entity_key="accounts")
    assert "zqnumberqz" not in words(account)
    assert "zqmailqz" in words(account)


def test_a_custom_field_that_is_searchable_no_more_finds_nothing(account, client, admin, settled_jobs):
    """CF-2: the entries follow the field's definition."""
    by = Actor(admin)
    given = {"entity": "accounts", "name": "Code", "kind": "text", "searchable": True}
    row = administration.save_custom_field(None, given, by=by)
    writes.change(account, {f"custom.{row.key}": "zqcodeqz"}, by=SYSTEM)
    settled_jobs()
    assert "zqcodeqz" in words(account)
    administration.save_custom_field(CustomField.objects.get(pk=row.pk), {"searchable": False}, by=by)
    settled_jobs()
    assert "zqcodeqz" not in words(account)
