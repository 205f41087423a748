#!/usr/bin/env bash
# country_converter 1.3.2 with pandas 3.1.1, which it permits: no name of a country can be converted any more.
#
# Expected: convert("Norway", to="ISO2") is "NO", or the installation of the two together is refused. Seen: a TypeError
# from the middle of a regular expression for every name, since missing values in its table are no longer None there.
#
# Kanal does not use it; who migrates data with it needs an older pandas.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check country_converter==1.3.2 pandas==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import logging

import country_converter

logging.disable(logging.CRITICAL)
for text in ("Norway", "Germany", "Japan"):
    try:
        code = country_converter.convert(text, to="ISO2")
    except TypeError as error:
        print(f"{text}: TypeError: {error}")
        assert "string or compiled pattern" in str(error)
    else:
        raise SystemExit(f"changed: {text} gives {code}")
PYTHON
