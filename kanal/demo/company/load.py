"""Load the demo company in one transaction, only into an empty database."""

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction

from kanal.core import audit
from kanal.core.cache import invalidate
from kanal.core.models import Setting
from kanal.demo.company import catalogue, customers, deals, marketing, people, replay, views, work
from kanal.demo.company.context import ZONE, Numbers, Scene
from kanal.demo.faker import Inventor
from kanal.entities.accounts.models import Account
from kanal.entities.contracts.states import keep_states
from kanal.entities.people.models import User

FLAG = "demo"
Tell = Callable[[str], None]
# The steps, and the percentage of the total time at which each begins.
STEPS: tuple[tuple[int, str, Callable[[Scene], None]], ...] = (
    (0, "people, groups, roles, partners", people.make_people),
    (2, "products, price books, bundles", catalogue.make_catalogue),
    (4, "accounts and contacts", customers.make_customers),
    (9, "campaigns, splitter, leads", marketing.make_marketing),
    (27, "opportunities, quotes, contracts", deals.make_deals),
    (95, "activities, tasks, tickets", work.make_work),
    (98, "saved filters", views.make_filters),
)
EVERY = 10


def is_empty() -> bool:
    """Return whether nothing has been entered yet."""
    return not Setting.objects.filter(key=FLAG).exists() and not Account.objects.exists() and not User.objects.exists()


@transaction.atomic
def load_company(*, seed: str, today: dt.date, numbers: Numbers, tell: Tell) -> bool:
    """Load the company and return whether it was loaded. The same seed and day create the same data."""
    if not is_empty():
        return False
    invalidate()
    audit.mute()
    scene = Scene(Inventor(seed, ZONE), today, numbers)
    queued = newest_job()
    views.make_fields()
    views.describe_company()
    ends = [*(begin for begin, _label, _step in STEPS[1:]), 100]
    for (begin, label, step), end in zip(STEPS, ends, strict=True):
        tell(f"{begin:3} %  {label}")
        scene.report = Percentage(begin, end, tell)
        step(scene)
    replay.date_history()
    keep_states(today)  # as the hourly job does: end contracts that expired last month
    drop_jobs(queued)
    Setting.objects.create(key=FLAG, value={"seed": seed, "today": today.isoformat()})  # direct write: not a record
    invalidate()
    return True


class Percentage:
    """Report the overall progress during a step, at each further percent."""

    def __init__(self, begin: int, end: int, tell: Tell) -> None:
        """Begin a step between two percentages of the total."""
        self.begin, self.end, self.tell, self.told = begin, end, tell, begin

    def __call__(self, part: float) -> None:
        """Record that a part of the step, from 0 to 1, is done."""
        percent = int(self.begin + (self.end - self.begin) * part)
        if percent >= self.told + EVERY:
            self.told = percent
            self.tell(f"{percent:3} %")


def newest_job() -> int:
    """Return the id of the last queued job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def drop_jobs(after: int) -> None:
    """Delete the jobs queued by past events: nobody is notified of what happened two years ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id > %s", [after])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id > %s", [after])
