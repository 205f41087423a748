"""One record in several hands: changes meet, options are kept, deletions come in between (REL-2, FORM-3, LIST-5)."""

from collections import Counter

import pytest
from django.db import connection

from kanal.core import administration, registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.models import Category, Change
from kanal.core.references.reassigning import reassign
from kanal.entities.accounts.tests.factories import make_account
from kanal.kit.errors import Invalid, Refused
from tests.concurrency.conftest import Together, waiting
from tests.contract.forms import FormOnPage


def fields_in(page):
    """Return what a browser would send of a page's form."""
    return FormOnPage(page).controls


def test_the_second_editor_is_told_field_by_field_and_can_merge(collide, browser_of, admin, make_ship, anew):
    """FORM-3: both send their form at the same moment; the second sees the first's value, and saves on top of it."""
    ship = make_ship(name="Anna", masts=1)
    browsers = [browser_of(admin), browser_of(admin)]
    address = f"{registry.get('ships').url(ship.pk)}edit"
    form = fields_in(browsers[0].get(address).content)
    sent = [{**form, "masts": ["3"]}, {**form, "masts": ["2"]}]
    answers = collide(ship, *(lambda b=b, s=s: b.post(address, s) for b, s in zip(browsers, sent, strict=True)))
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 1}, [
        answer.content.decode()[:2000] for answer in answers
    ]
    second = next(place for place, answer in enumerate(answers) if answer.status_code == 409)
    [won] = sent[1 - second]["masts"]
    assert anew(ship).masts == int(won)
    page = answers[second].content.decode()
    assert f"Somebody else changed this to: {won}" in page
    again = fields_in(answers[second].content)
    assert again["revision"] == [str(anew(ship).revision)]
    assert again["masts"] == sent[second]["masts"]
    assert browsers[second].post(address, again).status_code == 302
    assert anew(ship).masts == int(sent[second]["masts"][0])


def test_the_second_caller_is_told_field_by_field(collide, call_of, admin, make_ship, anew):
    """FORM-3, API-2: of two changes of one revision the second gets 412 and what changed."""
    ship, call = make_ship(masts=1), call_of(admin)
    answers = collide(
        ship,
        *(lambda n=n: call("PATCH", f"/ships/{ship.pk}", {"masts": n}, If_Match='"1"') for n in (2, 3, 4)),
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 2}
    now = anew(ship).masts
    assert {answer.json()["changes"]["masts"] for answer in answers if answer.status_code == 412} == {now}


def test_a_record_is_deleted_while_another_edits_it(collide, call_of, admin, make_ship):
    """REL-2: the editor is told that it is gone; nobody sees a fault."""
    ship, call = make_ship(), call_of(admin)
    kept, gone = collide(
        ship, lambda: call("PATCH", f"/ships/{ship.pk}", {"masts": 9}), lambda: call("DELETE", f"/ships/{ship.pk}")
    )
    assert gone.status_code == 204
    assert kept.status_code in (200, 404)
    assert not type(ship)._default_manager.filter(pk=ship.pk).exists()


def test_what_hangs_on_a_record_is_added_while_that_is_deleted(at_once, call_of, admin):
    """REL-2: either the account stays with its contact, or it goes and there is none; never half, never a fault."""
    call = call_of(admin)
    for _ in range(5):
        account = make_account()
        values = {"last_name": "Berg", "account": account.pk}
        added, deleted = at_once(
            lambda values=values: call("POST", "/contacts", values),
            lambda pk=account.pk: call("DELETE", f"/accounts/{pk}"),
        )
        there = type(account)._default_manager.filter(pk=account.pk).exists()
        contacts = registry.get("contacts").model._default_manager.filter(account_id=account.pk).count()
        assert added.status_code in (201, 404, 409, 422), added.content
        assert deleted.status_code in (204, 409), deleted.content
        assert (there, contacts) in ((True, 1), (False, 0))


def test_two_change_the_same_many(at_once, by, make_ship):
    """LIST-5: two bulk changes over the same records end, in whatever order; both stand in every history."""
    ships = [make_ship(masts=1) for _ in range(60)]
    pks = [ship.pk for ship in ships]
    mine = type(ships[0]).objects.filter(pk__in=pks)
    outcomes = at_once(
        lambda: writes.change_many(mine.order_by("name"), {"masts": 2}, by=by),
        lambda: writes.change_many(mine.order_by("-pk"), {"length": "7"}, by=by),
        lambda: writes.change_many(mine.all(), {"masts": 3}, by=by),
    )
    assert [getattr(outcome, "done", outcome) for outcome in outcomes] == [60, 60, 60]
    assert set(mine.values_list("length", flat=True)) == {7}
    assert len(set(mine.values_list("masts", flat=True))) == 1
    assert set(mine.values_list("revision", flat=True)) == {4}
    assert Change.objects.filter(entity="ships", kind="u", record_id__in=pks).count() == 180


def test_many_are_deleted_while_they_are_changed(at_once, by, make_ship):
    """LIST-5: who is gone is named as refused; nothing hangs."""
    ships = [make_ship(masts=1) for _ in range(30)]
    mine = type(ships[0]).objects.filter(pk__in=[ship.pk for ship in ships])
    deleted, changed = at_once(
        lambda: writes.delete_many(mine.all(), by=by),
        lambda: writes.change_many(mine.all(), {"masts": 2}, by=by),
    )
    assert (deleted.done, deleted.refused) == (30, [])
    assert changed.done + len(changed.refused) <= 30
    assert not mine.exists()


@pytest.fixture
def industries(db):
    return administration.lists_of_choices()["category-industry"]


def values(name, **more):
    return {"name": name, "colour": "", "position": 0, "is_default": False, "is_active": True, **more}


def test_two_add_an_option_of_the_same_name(at_once, industries):
    """SET-1: both are kept, each with a key of its own."""
    outcomes = at_once(
        *(lambda: administration.save_option(industries, None, values("Fishing"), by=SYSTEM) for _ in range(4))
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    keys = sorted(Category.objects.filter(group="industry", name="Fishing").values_list("key", flat=True))
    assert keys == ["fishing", "fishing_2", "fishing_3", "fishing_4"]


def test_two_make_an_option_the_default(at_once, industries):
    """SET-1: a list has one default, however many say which."""
    rows = [administration.save_option(industries, None, values(f"Trade {n}"), by=SYSTEM) for n in range(4)]
    outcomes = at_once(
        *(
            lambda row=row: administration.save_option(industries, row, values(row.name, is_default=True), by=SYSTEM)
            for row in rows
        )
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Category.objects.filter(group="industry", is_default=True).count() == 1


def test_an_option_is_deleted_while_a_record_takes_it(at_once, call_of, admin, industries):
    """SET-1: either the record has it and it stays, or it is gone and the record is refused."""
    call = call_of(admin)
    for number in range(5):
        row = administration.save_option(industries, None, values(f"Whaling {number}"), by=SYSTEM)
        account, option = make_account(), row.pk
        taken, deleted = at_once(
            lambda pk=account.pk, key=row.key: call("PATCH", f"/accounts/{pk}", {"industry": key}),
            lambda row=row: administration.delete_option(row, by=SYSTEM),
        )
        there = Category.objects.filter(pk=option).exists()
        assert taken.status_code in (200, 409, 422), taken.content
        assert deleted is None or isinstance(deleted, Refused | Invalid), deleted
        account.refresh_from_db()
        assert account.industry_id in ((option, None) if there else (None,))


def test_a_record_that_is_reassigned_meanwhile_stays_with_whom_it_was_given_to(make_user, make_ship, anew):
    """REL-2: handing over waits for the other change and leaves the record alone."""
    leaver, successor, chosen = make_user(), make_user(), make_user()
    ship, kept = make_ship(assignee=leaver), make_ship(assignee=leaver)
    holder = connection.copy()
    holder.set_autocommit(False)
    try:
        with holder.cursor() as cursor:
            cursor.execute(f"UPDATE {ship._meta.db_table} SET assignee_id = %s WHERE id = %s", [chosen.pk, ship.pk])
        together = Together(lambda: reassign(leaver, successor, by=SYSTEM))
        while together.running() > waiting():
            pass
        holder.commit()
        [moved] = together.end()
    finally:
        holder.close()
    assert anew(ship).assignee_id == chosen.pk
    assert anew(kept).assignee_id == successor.pk
    assert moved["fakes.ship.assignee"] == 1
