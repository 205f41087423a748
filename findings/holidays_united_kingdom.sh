#!/usr/bin/env bash
# holidays 0.109: "GB" without a part of the country has no Easter Monday, and counts Boxing Day twice in 2026.
#
# Expected: the United Kingdom as a whole has the bank holidays of England, or asks for the part. Seen: it has only what
# all four parts share (no Easter Monday, no summer bank holiday), and a Boxing Day on a Saturday stands in the list
# beside the Monday on which it is observed; England alone has nine. date-holidays, its JavaScript counterpart, does
# have Easter Monday for GB: two programs of one company disagree about a working day.
#
# Ask for the part of the country where working hours are counted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

import holidays

whole = holidays.country_holidays("GB", years=2026)
england = holidays.country_holidays("GB", subdiv="ENG", years=2026)
print(sorted(whole.items()))
assert date(2026, 4, 6) not in whole
assert date(2026, 4, 6) in england
assert date(2026, 8, 31) not in whole
assert {date(2026, 12, 26), date(2026, 12, 28)} <= set(whole)
assert (len(whole), len(england)) == (7, 9)
PYTHON
