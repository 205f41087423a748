#!/usr/bin/env bash
# pycountry 26.2.16: search_fuzzy() puts a country before the one whose exact name was asked for.
#
# Expected: an exact name of a country comes first. Seen: "Niger" gives Nigeria first, "America" gives American Samoa,
# and "Österreich" finds Austria while "Deutschland", "Norge" and "Suisse" find nothing: what matches is the German name
# of a region (Niederösterreich), as only names of subdivisions are kept in the own language.
#
# Kanal knows countries by the names of CLDR in all languages (kanal/kit/reading), and takes exact ones alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16
"$folder/venv/bin/python" - <<'PYTHON'
import pycountry


def found(text):
    try:
        return [country.alpha_2 for country in pycountry.countries.search_fuzzy(text)]
    except LookupError:
        return []


for text in ("Niger", "America", "Österreich", "Deutschland", "Norge", "Suisse"):
    print(text, found(text)[:3])
assert found("Niger")[:2] == ["NG", "NE"]
assert found("America")[:2] == ["AS", "US"]
assert found("Österreich") == ["AT"]
assert found("Deutschland") == found("Norge") == found("Suisse") == []
PYTHON
