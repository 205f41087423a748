"""Store the dates of all-day activities as dates. They were midnight in the author's time zone.

The zone is that of the author, the assignee or the company: the first in which it was midnight, else the author's.
"""

import datetime as dt

from django.db import migrations

from kanal.kit import zones

NOON = dt.time(12, tzinfo=dt.UTC)
PIECE = 1000


def fill(apps, schema_editor):
    activities = apps.get_model("activities", "Activity").objects
    users = apps.get_model("people", "User").objects
    chosen = apps.get_model("core", "Setting").objects.filter(key="company.time_zone").values_list("value", flat=True)
    company = zones.find_zone(next(iter(chosen), "UTC")) or dt.UTC
    of_user = {pk: zones.find_zone(name) for pk, name in users.exclude(time_zone="").values_list("pk", "time_zone")}
    rows = activities.filter(all_day=True, start__isnull=False, start_day__isnull=True).order_by("pk")
    while piece := list(rows[:PIECE]):
        for row in piece:
            near = [of_user.get(row.created_by_id), of_user.get(row.assignee_id), company, dt.UTC]
            settle(row, [zone for zone in near if zone])
        activities.bulk_update(piece, ["start", "end", "start_day", "end_day"])


def settle(row, near):
    zone = next((zone for zone in near if row.start.astimezone(zone).time() == dt.time.min), near[0])
    row.start_day = row.start.astimezone(zone).date()
    row.end_day = max(row.start_day, (row.end or row.start).astimezone(zone).date())
    row.start, row.end = dt.datetime.combine(row.start_day, NOON), dt.datetime.combine(row.end_day, NOON)


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0003_whole_days"),
        ("core", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
