#!/usr/bin/env bash
# price-parser 0.5.1: "0.125" is read as 125, and the minus of "-5.00 EUR" or of "(5.00)" is dropped.
#
# Expected: three decimals behind a zero can only be a fraction (nobody writes 125 as "0.125"), and a minus or
# accountants' brackets either count or are refused. Seen: any point before three digits is taken for a thousands
# separator, whatever stands before it, and credit notes become invoices without a word.
#
# Kanal reads amounts with kanal/kit/reading, which asks where a text has two readings and keeps the sign.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check price-parser==0.5.1
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

from price_parser import Price

for text, seen in {
    "0.125": Decimal(125), "0.1250": Decimal("0.1250"), "1.2500": Decimal("1.2500"), "-5.00 EUR": Decimal("5.00"),
    "(5.00) EUR": Decimal("5.00"),
}.items():
    amount = Price.fromstring(text).amount
    print(f"{text!r}: {amount}")
    assert amount == seen, (text, amount)
PYTHON
