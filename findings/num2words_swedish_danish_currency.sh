#!/usr/bin/env bash
# num2words 0.5.14: amounts in Swedish and Danish words can't be made in any currency; Czech takes the wrong gender.
#
# Expected: to="currency" takes currency= in every language that it knows, as the other thirty do. Seen: the methods of
# Swedish and Danish do not take the argument (TypeError), so that even SEK and DKK fail; and one haléř, which is
# masculine in Czech ("jeden haléř"), is written "jedna halíř".
#
# An invoice that spells its total needs its own table for these languages.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check num2words==0.5.14
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

from num2words import num2words

for language, currency in (("sv", "SEK"), ("da", "DKK")):
    try:
        words = num2words(Decimal("12.50"), lang=language, to="currency", currency=currency)
    except TypeError as error:
        print(language, currency, error)
        assert "currency" in str(error)
    else:
        raise SystemExit(f"changed: {language} gives {words}")
words = num2words(Decimal("1021.01"), lang="cs", to="currency", currency="CZK")
print("cs CZK", words)
assert words.endswith("jedna halíř"), words
assert num2words(Decimal("2.50"), lang="no", to="currency", currency="NOK") == "to kroner og femti øre"
PYTHON
