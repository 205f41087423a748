#!/usr/bin/env bash
# schwifty 2026.10.1: one bank's BIC with and without "XXX" is two different values.
#
# Expected: DNBANOKK and DNBANOKKXXX compare equal, as ISO 9362 has "XXX" mean the head office, which eight letters mean
# too; and an IBAN compares equal to its own printed form. Seen: both comparisons are false, and the BIC that is looked
# up for a Norwegian IBAN has eight letters while the one for a German IBAN has eleven.
#
# Compare banks by the first eight letters, and IBANs by their compact form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check schwifty==2026.10.1
"$folder/venv/bin/python" - <<'PYTHON'
from schwifty import BIC, IBAN

print(BIC("DNBANOKK") == BIC("DNBANOKKXXX"))
assert BIC("DNBANOKK") != BIC("DNBANOKKXXX")
iban = IBAN("NO9386011117947")
print(iban.formatted, iban == iban.formatted)
assert iban != iban.formatted
assert iban == str(iban)
lengths = {text[:2]: len(IBAN(text).bic) for text in ("NO9386011117947", "DE89370400440532013000")}
print(lengths)
assert lengths == {"NO": 8, "DE": 11}
PYTHON
