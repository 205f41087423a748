"""Administrators who take each other's rights at the same moment: one of them always stays (ACC-9)."""

from itertools import product

import pytest

from kanal.core import writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.entities.people.models import User, UserType
from tests.contract.forms import FormOnPage

WAYS = {
    "demote": lambda user: ("PATCH", f"/users/{user.pk}", {"user_type": "representative"}),
    "deactivate": lambda user: ("PATCH", f"/users/{user.pk}", {"is_active": False}),
    "delete": lambda user: ("DELETE", f"/users/{user.pk}", {}),
    "many": lambda user: ("PATCH", "/users/bulk", {"mode": "each", "items": [{"id": user.pk, "is_active": False}]}),
}


@pytest.fixture
def two(make_user):
    """Return two administrators, the only ones who are active."""
    made = [make_user(user_type="administrator") for _ in range(2)]
    User.objects.filter(user_type=UserType.ADMINISTRATOR).exclude(pk__in=[user.pk for user in made]).update(
        user_type=UserType.REGULAR
    )
    return made


def active():
    return User.objects.filter(user_type=UserType.ADMINISTRATOR, is_active=True).count()


@pytest.mark.parametrize(("way", "other"), list(product(WAYS, WAYS)))
def test_two_end_each_other(at_once, call_of, two, way, other):
    """By the API: exactly one gets through, the other is refused, or was shut out by then."""
    first, second = two
    calls = [(call_of(first), WAYS[way](second)), (call_of(second), WAYS[other](first))]
    answers = at_once(*(lambda call=call, verb=verb: call(*verb) for call, verb in calls))
    assert {answer.status_code for answer in answers} <= {200, 204, 401, 403, 404, 409}, [
        answer.content for answer in answers
    ]
    assert active() == 1


def test_each_ends_themselves(at_once, call_of, two):
    calls = [(call_of(user), WAYS["deactivate"](user)) for user in two]
    answers = at_once(*(lambda call=call, verb=verb: call(*verb) for call, verb in calls))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert active() == 1


def test_a_form_and_the_api(at_once, browser_of, call_of, two):
    first, second = two
    browser = browser_of(first)
    address = f"/settings/users/{second.pk}/edit"
    form = FormOnPage(browser.get(address).content).controls | {"user_type": ["representative"]}
    call = call_of(second)
    answers = at_once(lambda: browser.post(address, form), lambda: call(*WAYS["demote"](first)))
    assert all(answer.status_code < 500 for answer in answers)
    assert active() == 1


def test_all_of_them_by_one_bulk_change(two):
    """LIST-5: the last one is left and named."""
    ids = [user.pk for user in two]
    for values in ({"is_active": False}, {"user_type": "regular"}):
        writes.change_many(User.objects.filter(pk__in=ids), values, by=Actor(two[0], ChangeSource.BULK))
        assert active() == 1
    outcome = writes.delete_many(User.objects.filter(pk__in=ids), by=SYSTEM)
    assert active() == 1
    assert outcome.refused
