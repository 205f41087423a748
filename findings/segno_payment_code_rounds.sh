#!/usr/bin/env bash
# segno 1.6.6: the EPC code of a payment rounds an amount with three decimals instead of refusing it.
#
# Expected: the helper checks everything else of EPC069-12 (length of name, text, range of the amount), so that 1.999 EUR
# is an error as 0.005 EUR is. Seen: it encodes EUR2, and 12.5 becomes EUR12.5 without the second decimal.
#
# Round an amount to the currency before a payment code is made of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check segno==1.6.6
"$folder/venv/bin/python" - <<'PYTHON'
from segno import helpers

name, iban = "Nordlys AS", "NO9386011117947"
lines = {
    amount: helpers._make_epc_qr_data(name=name, iban=iban, amount=amount, text="Faktura 1").decode().split("\n")[7]
    for amount in (1.999, 12.5, 12.25)
}
print(lines)
assert lines == {1.999: "EUR2", 12.5: "EUR12.5", 12.25: "EUR12.25"}
try:
    helpers.make_epc_qr(name=name, iban=iban, amount=0.005, text="Faktura 1")
except ValueError as error:
    print(error)
else:
    raise SystemExit("changed: 0.005 is accepted")
PYTHON
