#!/usr/bin/env bash
# workalendar 17.0.0: a span of one working day has no working day, even with its start included.
#
# Expected: get_working_days_delta(day, day, include_start=True) of a working day is 1, for Monday to Tuesday with the
# start included is 2. Seen: 0 for the single day, 2 for the two days; there is no span of 1.
#
# Count the days of a task that begins and ends on the same day apart.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check workalendar==17.0.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from workalendar.europe import Norway

calendar, monday, tuesday = Norway(), date(2026, 11, 30), date(2026, 12, 1)
assert calendar.is_working_day(monday)
spans = [calendar.get_working_days_delta(monday, day, include_start=True) for day in (monday, tuesday)]
print(spans)
assert spans == [0, 2]
PYTHON
