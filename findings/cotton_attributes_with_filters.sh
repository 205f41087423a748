#!/usr/bin/env bash
# django-cotton 2.8.0: a dynamic attribute with a template filter is dropped, and the component takes its default.
#
# Expected: `:kind="state|upper"` passes the filtered value, as `kind="{{ state|upper }}"` does, or fails like a wrong
# expression elsewhere in Django. Seen: as soon as the expression has a filter the value of <c-vars> is used without a
# word; a plain variable or a literal works.
#
# Kanal's templates pass filtered values inside {{ }}; a check in tests/checks holds that.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django-cotton==2.8.0 django==5.2.19
mkdir -p "$folder/templates/cotton"
echo '<c-vars kind="plain" />[{{ kind }}]' >"$folder/templates/cotton/badge.html"
"$folder/venv/bin/python" - "$folder/templates" <<'PYTHON'
import sys
from pathlib import Path

import django
from django.conf import settings

folder = Path(sys.argv[1])
backend = "django.template.backends.django.DjangoTemplates"
settings.configure(
    INSTALLED_APPS=["django_cotton"], TEMPLATES=[{"BACKEND": backend, "DIRS": [str(folder)], "APP_DIRS": True}]
)
django.setup()
from django.template.loader import get_template

seen = {
    '<c-badge :kind="state" />': "[warn]", '<c-badge :kind="state|upper" />': "[plain]",
    '<c-badge kind="{{ state|upper }}" />': "[WARN]", "<c-badge :kind=\"'a'\" />": "[a]",
}
for place, (text, expected) in enumerate(seen.items()):
    (folder / f"page{place}.html").write_text(text)
    made = get_template(f"page{place}.html").render({"state": "warn"}).strip()
    print(text, made)
    assert made == expected, (text, made)
PYTHON
