#!/usr/bin/env bash
# mt-940 5.1.1: the amount of a reversed credit is positive, so that the statement no longer adds up.
#
# Expected: a debit (D) is negative in the parsed transactions, and so is the reversal of a credit (RC), which takes
# money from the account; then the opening balance plus all amounts is the closing balance. Seen: RC 7.00 is +7.
#
# Take the sign from the mark (D and RC are negative) where payments are matched to invoices.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mt-940==5.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import mt940

STATEMENT = """:20:STATEMENT
:25:NO9386011117947
:28C:1/1
:60F:C261130NOK1000,
:61:2611301130D12,5NTRFREF1
:61:2611301130RC7,NTRFREF2
:62F:C261130NOK980,5
"""
statement = mt940.parse(STATEMENT)
amounts = {row.data["status"]: row.data["amount"].amount for row in statement}
opening = statement.data["final_opening_balance"].amount.amount
closing = statement.data["final_closing_balance"].amount.amount
print(amounts, opening, closing)
assert (float(amounts["D"]), float(amounts["RC"])) == (-12.5, 7.0)
assert opening + sum(amounts.values()) != closing
PYTHON
