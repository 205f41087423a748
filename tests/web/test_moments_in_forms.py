"""A form leaves a moment as it is unless another is typed; its control holds no seconds and no offset (HIST-1a)."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone

from kanal.core import registry
from kanal.core.fields.registry import native_fields
from kanal.web import forms

MOMENTS = [
    dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),  # half past two, the first time, where the clock goes back
    dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),  # and the second time
    dt.datetime(2026, 6, 1, 12, 34, 56, 7, tzinfo=dt.UTC),
]


@pytest.fixture
def form():
    """Return what makes a form of a moment's field alone."""
    [field] = [candidate for candidate in native_fields(registry.get("activities")) if candidate.key == "start"]
    return lambda value: forms.build_form([("", [field])], {"start": value}, None)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("zone", ["Europe/Oslo", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_a_moment_that_nobody_changed_stays_to_the_second(form, moment, zone):
    """HIST-1: saving another field makes no entry of it."""
    with timezone.override(zone):
        shown = form(moment)
        posted = QueryDict(f"start={shown.entries[0].text}")
        assert forms.read_form(shown, posted)["start"] == moment


def test_what_is_typed_counts(form):
    """FORM-1: another time, none, and a first one."""
    assert forms.read_form(form(MOMENTS[0]), QueryDict("start=2026-10-25T02:31"))["start"] == "2026-10-25T02:31"
    assert forms.read_form(form(MOMENTS[0]), QueryDict("start="))["start"] is None
    assert forms.read_form(form(None), QueryDict("start=2026-01-01T10:00"))["start"] == "2026-01-01T10:00"
