#!/usr/bin/env bash
# py-moneyed 3.0: an amount in sub-units is cut off, not rounded.
#
# Expected: get_amount_in_sub_unit() of 19.999 EUR is 2000 cents, as round() of the same amount is 20.00 EUR, or an
# error. Seen: 1999 cents, a cent less than the amount that str() and round() show.
#
# Round to the currency before an amount is sent to a payment provider in its smallest unit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check py-moneyed==3.0
"$folder/venv/bin/python" - <<'PYTHON'
from moneyed import Money

price = Money("59.997", "EUR") / 3
cents, rounded, shown = price.get_amount_in_sub_unit(), price.round(2), str(price)
print(price.amount, cents, rounded.amount, shown)
assert cents == 1999
assert str(rounded.amount) == "20.00"
assert "20.00" in shown
PYTHON
