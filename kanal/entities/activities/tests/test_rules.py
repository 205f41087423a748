"""Decisions about activities that need no database (ACT-1, ACT-3)."""

from types import SimpleNamespace as Plain

from kanal.entities.activities.models import PARENTS
from kanal.entities.activities.rules import account_of, parents_of, private_to


def activity(**parents):
    values = {}
    for name in PARENTS:
        values |= {name: parents.get(name), f"{name}_id": 1 if name in parents else None}
    return Plain(**values)


def test_act_3_the_account_comes_from_lead_opportunity_or_contact():
    account = Plain(private_to_id=None)
    assert account_of(activity(opportunity=Plain(account=account))) is account
    assert account_of(activity(contact=Plain(account=None))) is None
    assert parents_of(activity()) == []


def test_acc_5_an_activity_on_a_lead_is_no_more_private_than_the_lead():
    private = Plain(private_to_id=7)
    assert private_to(activity(account=private)) == 7
    assert private_to(activity(account=private, lead=Plain())) is None
