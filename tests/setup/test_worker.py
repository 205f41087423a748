"""What a worker does as it starts."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.config.worker import FOLLOW_THE_DAY, catch_up_with_the_day

pytestmark = pytest.mark.django_db(transaction=True)  # a worker starts outside of any transaction


def test_what_follows_the_day_is_queued_once():
    """CON-5, QUOTE-6: after days without a worker states and amounts are right at once, not with the next hour."""
    for _worker in range(2):
        catch_up_with_the_day()
    waiting = ProcrastinateJob.objects.filter(task_name__in=FOLLOW_THE_DAY, status="todo")
    assert sorted(waiting.values_list("task_name", flat=True)) == sorted(FOLLOW_THE_DAY)
