"""What is cached follows a change at once, in each process (ACC-2, ACC-6, INTAKE-1)."""

import pytest
from django.db import connection, transaction

from kanal.core import epoch, registry, tokens
from kanal.core.cache import _memory, cached, invalidate, keep_up, known_epoch
from kanal.core.models import Currency, Role, Setting

asked = []


@cached
def codes():
    asked.append(1)
    return sorted(Currency.objects.values_list("code", flat=True))


@pytest.fixture(autouse=True)
def _nothing_cached(db):
    invalidate()
    asked.clear()


def test_each_table_that_is_remembered_counts_its_changes(db):
    """A trigger stands on every table of options, rights, settings and rates."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'kanal_epoch'")
        standing = {name.strip('"') for (name,) in cursor.fetchall()}
    assert standing == {table for table, _columns in epoch.tables()}
    chosen = {registry.get(key).model._meta.db_table for key in ("users", "opportunity-statuses", "intake-sources")}
    assert chosen | {"core_grant", "core_rolerule", "core_setting", "core_exchangerate"} <= standing


@pytest.mark.django_db(transaction=True)
def test_a_committed_change_counts_and_one_that_is_rolled_back_does_not():
    before = epoch.read_epoch()
    with transaction.atomic():
        Role.objects.create(key="gone", name="Gone")
        assert epoch.read_epoch() == before + 1
        Setting.objects.create(key="x", value=1)
        assert epoch.read_epoch() == before + 1, "a transaction counts once"
        transaction.set_rollback(True)
    assert epoch.read_epoch() == before
    Role.objects.create(key="kept", name="Kept")
    assert epoch.read_epoch() == before + 1


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_do_not_wait_for_each_other():
    """Each counts in a row of its own, so two long transactions that change settings can't block each other."""
    before, other = epoch.read_epoch(), connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("INSERT INTO core_setting (key, value) VALUES ('a', '1')")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        Setting.objects.create(key="b", value=2)
        assert epoch.read_epoch() == before + 1
        other.commit()
        assert epoch.read_epoch() == before + 2
    finally:
        other.close()


def test_who_signed_in_is_no_change_of_rights(admin):
    before = epoch.read_epoch()
    type(admin).objects.filter(pk=admin.pk).update(last_login=None, theme="dark")
    assert epoch.read_epoch() == before


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_stays_with_its_writer():
    """Others neither see it nor keep the old rows beyond the commit."""
    codes()
    try:
        with transaction.atomic():
            Currency.objects.create(code="XTS", position=9)
            invalidate()
            assert "XTS" in codes()
            assert "XTS" not in str(_memory.kept)
            transaction.set_rollback(True)
    finally:
        assert "XTS" not in codes()
    with transaction.atomic():
        Currency.objects.create(code="XTS", position=9)
        invalidate()
        _memory.put(("another", "thread"), "read before the commit", _memory.cleared)
    assert _memory.kept == {}
    assert "XTS" in codes()


def test_a_savepoint_that_is_rolled_back_takes_its_memory_along(db):
    codes()
    with transaction.atomic():
        Currency.objects.create(code="XTS", position=9)
        invalidate()
        assert "XTS" in codes()
        transaction.set_rollback(True)
    assert "XTS" not in codes()


def test_what_was_read_before_a_change_is_not_kept_after_it():
    """The reader began before the change and ends after all was forgotten."""
    cleared = _memory.cleared
    keep_up((known_epoch() or 0) + 1)
    _memory.put(("slow", "reader"), "old", cleared)
    assert ("slow", "reader") not in _memory.kept


@pytest.mark.django_db(transaction=True)
def test_a_session_a_token_and_a_job_notice(admin, client, django_assert_num_queries):
    """The number comes along with the statement that reads the user."""
    client.force_login(admin)
    token = tokens.create_token(admin, "test")
    client.get("/crm/leads/")
    for ask in (
        lambda: client.get("/crm/leads/"),
        lambda: tokens.authenticate_token(token),
        epoch.catch_up,
    ):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("UPDATE core_currency SET position = position + 1")
        other.close()
        assert known_epoch() != epoch.read_epoch()
        ask()
        assert known_epoch() == epoch.read_epoch()
    with django_assert_num_queries(1):
        tokens.authenticate_token(token)
