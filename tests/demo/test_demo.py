"""The demo company: the same seed and day give the same data, and a second load changes nothing (INIT-3)."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from kanal.core.models import Change, Setting
from kanal.demo.company.context import Numbers
from kanal.demo.company.load import load_company
from kanal.demo.company.work import TODAY
from kanal.demo.words import SUBJECTS
from kanal.entities.accounts.models import Account
from kanal.entities.activities.models import Activity
from kanal.entities.contracts.models import Contract
from kanal.entities.intake.models import Intake
from kanal.entities.leads.models import Lead
from kanal.entities.opportunities.models import Opportunity
from kanal.entities.people.models import User
from kanal.entities.pricebooks.models import ProductCategory
from kanal.entities.quotes.models import Quote

DAY = dt.date(2026, 11, 23)
SMALL = Numbers(accounts=8, contacts=10, leads=14, opportunities=10, tasks=4)
pytestmark = pytest.mark.django_db


def put(seed: str = "1") -> bool:
    return load_company(seed=seed, today=DAY, numbers=SMALL, tell=lambda line: None)


def picture() -> dict[str, list[Any]]:
    """Return what is compared: everything that a person reads, without the ids."""
    return {
        "users": list(User.objects.order_by("pk").values_list("username", "name", "phone", "supervisor__username")),
        "accounts": list(
            Account.objects.order_by("pk").values_list("name", "email", "custom", "created_at", "revision")
        ),
        "leads": list(
            Lead.objects.order_by("pk").values_list("name", "stage", "assignee__name", "value", "received_at")
        ),
        "opportunities": list(
            Opportunity.objects.order_by("pk").values_list(
                "name", "number", "status__key", "value", "currency", "sold_at"
            )
        ),
        "quotes": list(Quote.objects.order_by("pk").values_list("number", "value", "grand_total", "state")),
        "contracts": list(
            Contract.objects.order_by("pk").values_list("number", "name", "value", "start", "end", "status")
        ),
        "activities": list(Activity.objects.order_by("pk").values_list("subject", "start", "done", "assignee__name")),
    }


def test_the_same_seed_and_day_give_the_same_data():
    pictures = []
    for _each in range(2):
        mark = transaction.savepoint()
        assert put()
        pictures.append(picture())
        transaction.savepoint_rollback(mark)
    assert pictures[0] == pictures[1]
    assert all(pictures[0].values())


def test_the_percentages_rise_to_the_end():
    """INIT-3: whoever waits sees how far it is."""
    lines: list[str] = []
    assert load_company(seed="1", today=DAY, numbers=SMALL, tell=lines.append)
    percents = [int(line.split("%")[0]) for line in lines]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert len(percents) > 8


@pytest.mark.parametrize("seed", ["3", "x"])
def test_every_type_of_contract_has_some_whatever_the_seed(seed):
    """INIT-3, CON-2: no list of contracts is empty."""
    assert put(seed=seed)
    kinds = set(Contract.objects.values_list("type__key", flat=True))
    assert kinds == set(ProductCategory.objects.values_list("key", flat=True))


def test_the_company_is_whole_and_a_second_load_changes_nothing():
    assert put()
    assert {"admin", "director", "seller", "partner", "support"} <= set(User.objects.values_list("username", flat=True))
    assert User.objects.get(username="seller").check_password("kanal-demo")
    assert Opportunity.objects.filter(is_locked=True, contracts__isnull=False).exists()
    assert Opportunity.objects.filter(status__kind="open").exists()
    assert Lead.objects.filter(received_at__date=DAY).exists()
    assert not Intake.objects.exclude(state="done").exists()
    assert Activity.objects.filter(assignee__username="seller", start__date=DAY).exists()
    assert Change.objects.filter(entity="leads", kind="c", at__date__lt=DAY - dt.timedelta(days=60)).exists()
    assert not Change.objects.filter(verb="demo").exists()
    assert Setting.objects.get(key="demo").value == {"seed": "1", "today": "2026-11-23"}
    past = Contract.objects.filter(end__lt=DAY)
    assert not past.exclude(status__in=("ended", "cancelled")).exists(), "CON-5: the hourly job has nothing to mend"
    done = Activity.objects.filter(done=True)
    assert not done.filter(start__date__gte=DAY).exists()
    assert not done.filter(end__date__gte=DAY).exists()
    planned = {(category, subject) for category, subject, _hour in TODAY}
    for category, subject in Activity.objects.values_list("category__key", "subject"):
        assert subject in SUBJECTS[category] or (category, subject) in planned
    before = picture()
    assert not put(seed="2")
    assert picture() == before
