#!/usr/bin/env bash
# orjson 3.13.0: a whole number of 31 digits is read as a float, and refused when it is written; json keeps its digits.
#
# Expected: what one JSON library of Python reads of valid JSON equals what another reads, and a `default` function is
# asked for what can't be written. Seen: orjson.loads gives 1e+30 where json.loads gives the integer, so that an id of a
# foreign system silently becomes another number; orjson.dumps raises TypeError for the integer and asks no `default`.
#
# PostgreSQL's jsonb keeps all digits, so a value that was stored by one way comes back as what the other can't write.
# Kanal refuses whole numbers beyond 64 bits in JSON where they come in, and keeps posts that hold some as text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check orjson==3.13.0
"$folder/venv/bin/python" - <<'PYTHON'
import json

import orjson

text = "1000000000000000000000000000007"
assert json.loads(text) == 10**30 + 7 and json.dumps(10**30 + 7) == text
read = orjson.loads(text)
print("read:", read, type(read).__name__)
assert isinstance(read, float) and int(read) != 10**30 + 7
asked = []
try:
    orjson.dumps(10**30 + 7, default=asked.append)
except TypeError as refusal:
    print("written:", refusal, "| default asked:", asked)
    assert "64-bit" in str(refusal) and asked == []
else:
    raise SystemExit("it is written now")
PYTHON
