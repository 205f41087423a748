#!/usr/bin/env bash
# python-stdnum 2.2: a Norwegian or Swiss VAT number is refused without "MVA" or "MWST", and Greece keeps both prefixes.
#
# Expected: the number that companies print and registers list (974760673, CHE-107.787.577) is valid, as is
# NL004495445B01 with and without its zeros; and "GR", which the EU module takes for Greece, is stored as its "EL". Seen:
# both numbers are of an "invalid format", and one Greek company has two "valid" numbers that do not compare equal.
#
# Kanal adds the ending and one prefix before it compares (kanal/kit/registrations.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
from stdnum.ch import vat as swiss
from stdnum.eu import vat as european
from stdnum.exceptions import InvalidFormat
from stdnum.no import mva

assert mva.validate("NO 974 760 673 MVA") == "974760673MVA"
try:
    mva.validate("974760673")
except InvalidFormat as error:
    print("974760673:", error)
else:
    raise SystemExit("changed")
assert swiss.is_valid("CHE-107.787.577 MWST")
assert not swiss.is_valid("CHE-107.787.577")
greek = european.validate("GR094259216"), european.validate("EL 094259216")
print(greek)
assert greek == ("GR094259216", "EL094259216")
PYTHON
