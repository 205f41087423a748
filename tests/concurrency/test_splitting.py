"""Four workers and twenty uneven shares: each within one lead of its part after every lead (SPLIT-3).

KANAL_SPLIT_LEADS=10000 runs it at full length; the result of such a run stands in bench/results.
"""

import os
import time
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make, make_project, make_user
from kanal.entities.splitter import actions
from kanal.entities.splitter.models import Quota, Receipt, Share

COUNT = int(os.environ.get("KANAL_SPLIT_LEADS", "300"))
WORKERS = 4
PIECE = 7
PERCENT = (
    "17.5", "13.25", "11", "9.5", "8", "7", "6", "5", "4.25", "3.5", "3", "2.5", "2.25", "2", "1.75", "1.25", "1",
    "0.75", "0.3", "0.2",
)  # fmt: skip


@pytest.fixture
def leads(db):
    """Make the leads that wait for the splitter."""
    project = make_project().pk
    rows = [{"subject": f"Lead {number}", "project": project} for number in range(COUNT)]
    for start in range(0, COUNT, 500):
        writes.create_many(registry.get("leads"), rows[start : start + 500], by=SYSTEM)
    return list(Lead.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))


def work_off(mine):
    """Split some leads in small transactions, as the jobs of one worker do."""
    for start in range(0, len(mine), PIECE):
        actions.split(mine[start : start + PIECE], by=SYSTEM)


def test_split_4_two_filters_at_once_keep_the_limit_of_a_user(at_once):
    """SPLIT-4: each counts the open leads only when the other has given its own."""
    user, project = make_user(most_open_leads=5), make_project().pk
    filters, leads = [], []
    for code in ("NO", "SE"):
        shares = [{"user": user.pk, "percent": "100"}]
        filters.append(make("splitter-filters", name=code, shares=shares, conditions={"text": f"country:is({code})"}))
        rows = [{"subject": f"{code} {number}", "project": project, "country": code} for number in range(10)]
        leads.append([lead.pk for lead in writes.create_many(registry.get("leads"), rows, by=SYSTEM).records])
    at_once(*(lambda mine=mine: actions.split(mine, by=SYSTEM, filters=filters) for mine in leads))
    assert Lead.objects.filter(assignee=user).count() == 5


def test_split_3_every_share_is_within_one_lead_at_every_moment(leads, at_once, capsys, monkeypatch):
    """SPLIT-3: the receipts in their order are every moment there was; none is left out, none given twice."""
    monkeypatch.setattr("tests.concurrency.conftest.PATIENCE", 3600)
    users = [make_user() for _ in PERCENT]
    shares = [{"user": user.pk, "percent": percent} for user, percent in zip(users, PERCENT, strict=True)]
    row = make("splitter-filters", name="All", shares=shares)
    began = time.perf_counter()
    outcomes = at_once(*(lambda start=start: work_off(leads[start::WORKERS]) for start in range(WORKERS)))
    seconds = time.perf_counter() - began
    assert outcomes == [None] * WORKERS
    order = list(Receipt.objects.filter(filter=row, is_counted=True).order_by("id").values_list("lead_id", "user_id"))
    assert sorted(lead for lead, _user in order) == leads
    farthest = farthest_from_fair(
        [user for _lead, user in order], {user.pk: percent for user, percent in zip(users, PERCENT, strict=True)}
    )
    assert farthest < 1
    given = dict(Counter(user for _lead, user in order))
    assert given == dict(Counter(Lead.objects.filter(pk__in=leads).values_list("assignee_id", flat=True)))
    assert {share.user_id: share.got for share in Share.objects.filter(filter=row) if share.got} == given
    assert Quota.objects.get(filter=row).epoch == 1
    writes.change(row, {"is_active": False}, by=SYSTEM)
    with capsys.disabled():
        if "KANAL_SPLIT_LEADS" in os.environ:
            rate = COUNT / seconds
            print(f"\n{COUNT} leads, {len(PERCENT)} shares, {WORKERS} workers: {seconds:.1f} s, {rate:.0f} leads/s, ")
            print(f"farthest from its part at any moment: {float(farthest):.4f} leads")


def farthest_from_fair(order, percent):
    """Return by how much any share was ever off its part, over every prefix of what was given."""
    total = sum(Decimal(share) for share in percent.values())
    parts = {user: Fraction(Decimal(share)) / Fraction(total) for user, share in percent.items()}
    got = dict.fromkeys(parts, 0)
    farthest = Fraction(0)
    for count, user in enumerate(order, start=1):
        got[user] += 1
        farthest = max(farthest, *(abs(got[key] - count * part) for key, part in parts.items()))
    return farthest


def test_split_3_a_share_that_changes_while_workers_run_begins_a_new_epoch(leads, at_once):
    """SPLIT-3: in each epoch the promise holds for itself; no lead is lost at the change."""
    users = [make_user() for _ in range(3)]

    def shares(*percent):
        return [{"user": user.pk, "percent": share} for user, share in zip(users, percent, strict=True)]

    row = make("splitter-filters", name="All", shares=shares(50, 30, 20))
    outcomes = at_once(
        lambda: work_off(leads[0::2]),
        lambda: work_off(leads[1::2]),
        lambda: writes.change(row, {"shares": shares(20, 20, 60)}, by=SYSTEM),
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    order = list(Receipt.objects.filter(filter=row).order_by("id").values_list("epoch", "user_id"))
    assert len(order) == len(leads)
    percents = [("50", "30", "20"), ("20", "20", "60")]
    epochs = [
        [user for epoch, user in order if epoch == number]
        for number in sorted({epoch_number for epoch_number, _user in order})
    ]
    assert [epoch for epoch, _user in order] == sorted(epoch for epoch, _user in order)
    for given in epochs:
        fits = [
            farthest_from_fair(given, dict(zip((u.pk for u in users), epoch_shares, strict=True))) < 1
            for epoch_shares in percents
        ]
        assert any(fits)
    writes.change(row, {"is_active": False}, by=SYSTEM)
