"""Decisions about leads, without a database."""

import datetime as dt
from types import SimpleNamespace

from kanal.entities.leads.rules import is_overdue_untouched, title_of, why_not_open

NOW = dt.datetime(2026, 3, 16, 9, 30, tzinfo=dt.UTC)


def lead(**values):
    given = {
        "subject": "", "person": "", "company": "", "email": "", "phone": "", "anonymized_at": None, "stage": "new",
        "is_archived": False, "is_open": True, "assignee_id": 1, "partner_id": None, "assigned_at": NOW,
    }  # fmt: skip
    return SimpleNamespace(**{**given, **values})


def test_a_lead_is_named_by_what_is_known():
    assert title_of(lead(subject="Pumps")) == "Pumps"
    assert title_of(lead(person="Anna Berg", company="Nordlys AS")) == "Anna Berg – Nordlys AS"
    assert title_of(lead(email="a@b.example")) == "a@b.example"
    assert title_of(lead(subject="Pumps", anonymized_at=NOW)) == "Anonymized lead"


def test_lead_4_returns_after_the_hours_of_the_setting():
    later = NOW + dt.timedelta(hours=48)
    assert is_overdue_untouched(lead(), 48, later)
    assert not is_overdue_untouched(lead(), 49, later)
    assert not is_overdue_untouched(lead(), 0, later)
    assert not is_overdue_untouched(lead(partner_id=3), 48, later)
    assert not is_overdue_untouched(lead(stage="touched"), 48, later)


def test_only_open_leads_are_decided_about():
    assert why_not_open(lead()) is None
    assert why_not_open(lead(stage="qualified"))
    assert why_not_open(lead(is_archived=True))
