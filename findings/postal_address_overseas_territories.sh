#!/usr/bin/env bash
# postal-address 22.4.22.1: Puerto Rico's subdivision code leads to Puerto Rico, Réunion's to France.
#
# Expected: a subdivision that has a country code of its own (US-PR is PR, FR-974 is RE in ISO 3166) gives the country
# in both cases alike. Seen: US-PR gives PR, FR-974 gives FR; given RE as the country, the address ends with the
# territory's name twice. A British address has the postcode before the town, which Royal Mail writes behind it.
#
# Let the user choose the country of an address, and write addresses by the rules of the country, not by one pattern.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check postal-address==22.4.22.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from postal_address.address import Address

overseas = {
    "US-PR": Address(line1="1 Calle Luna", postal_code="00901", city_name="San Juan", subdivision_code="US-PR"),
    "FR-974": Address(line1="1 Rue Neuve", postal_code="97400", city_name="Saint-Denis", subdivision_code="FR-974"),
}
countries = {code: address.country_code for code, address in overseas.items()}
reunion = Address(line1="1 Rue Neuve", postal_code="97400", city_name="Saint-Denis", country_code="RE").render()
london = Address(line1="1 High Street", postal_code="SW1A 2AA", city_name="London", country_code="GB").render()
print(countries, reunion.split("\n"), london.split("\n"))
assert countries == {"US-PR": "PR", "FR-974": "FR"}
assert reunion.split("\n")[-2:] == ["La Réunion", "Réunion"]
assert london.split("\n")[1] == "SW1A 2AA - London"
PYTHON
