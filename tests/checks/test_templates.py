"""Every template compiles."""

import re

from django.template import TemplateSyntaxError
from django.template.loader import get_template
from jinja2 import Environment

from tests.checks.sources import files, name

TEMPLATES = [path for path in files(".html", folders=("kanal",)) if "templates" in path.parts]
ROWS = files(".jinja", ".j2", folders=("kanal",))
DROPPED = re.compile(r"<c-[^>]*\s:[\w-]+=\"[^\"]*\|")
FORBIDDEN = re.compile(r"<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+=\"", re.IGNORECASE)


def test_each_template_compiles():
    broken = []
    for path in TEMPLATES:
        try:
            get_template(path.as_posix().split("/templates/", 1)[1])
        except TemplateSyntaxError as error:
            broken.append(f"{name(path)}: {error}")
    assert not broken, broken


def test_each_file_of_rows_compiles():
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for path in ROWS:
        environment.parse(path.read_text(encoding="utf-8"), filename=name(path))


def test_no_template_needs_what_the_content_policy_forbids():
    unsafe = [name(path) for path in (*TEMPLATES, *ROWS) if FORBIDDEN.search(path.read_text(encoding="utf-8"))]
    assert not unsafe, f"inline script, style element or event attribute: {unsafe}"


def test_no_component_gets_a_filtered_value_by_a_dynamic_attribute():
    """django-cotton drops such an attribute in silence (findings/cotton_attributes_with_filters.sh)."""
    dropped = [name(path) for path in TEMPLATES if DROPPED.search(path.read_text(encoding="utf-8"))]
    assert not dropped, f'write attribute="{{{{ value|filter }}}}": {dropped}'
