#!/usr/bin/env bash
# currency.js 2.0.4: a European amount is multiplied by a hundred, an exponent is glued to the number.
#
# Expected: what is not in the library's own form is NaN or an error, as "5-" is. Seen: "1 234,56" is 123456, "12,50" is
# 1250, "1.234,56" is 1.23 and "1e3", which JavaScript itself writes for some numbers, is 13.
#
# Kanal's pages send what was typed to the server, which reads it with kanal/kit/reading.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts currency.js@2.0.4 >/dev/null
cat >try.cjs <<'JAVASCRIPT'
const assert = require("assert");
const currency = require("currency.js");
const seen = { "1 234,56": 123456, "12,50": 1250, "1.234,56": 1.23, "1e3": 13 };
for (const [text, value] of Object.entries(seen)) {
  console.log(JSON.stringify(text), currency(text).value);
  assert.strictEqual(currency(text).value, value);
}
assert.ok(Number.isNaN(currency("5-").value));
JAVASCRIPT
node try.cjs
