"""Cached fragments of the page frame: rendered once per set of values and language."""

import pytest
from django.template import Context, Template
from django.utils import translation

from kanal.web.templatetags import kept

TEMPLATE = "{% load kept %}{% kept menu %}{% for one in menu %}{{ one.label }}{{ counter.up }}{% endfor %}{% endkept %}"


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def up(self) -> int:
        self.count += 1
        return self.count


@pytest.fixture(autouse=True)
def nothing_kept(settings):
    settings.DEBUG = False
    kept._kept.clear()


def test_a_part_is_rendered_once_for_the_same_values():
    template, counter = Template(TEMPLATE), Counter()
    menu = [{"label": "Leads"}]
    first = template.render(Context({"menu": menu, "counter": counter}))
    again = template.render(Context({"menu": [{"label": "Leads"}], "counter": counter}))
    assert first == again == "Leads1"


def test_other_values_and_languages_are_rendered_anew():
    template, counter = Template(TEMPLATE), Counter()
    template.render(Context({"menu": [{"label": "Leads"}], "counter": counter}))
    assert template.render(Context({"menu": [{"label": "Tasks"}], "counter": counter})) == "Tasks2"
    with translation.override("de"):
        assert template.render(Context({"menu": [{"label": "Leads"}], "counter": counter})) == "Leads3"


def test_what_is_kept_stays_small(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    template, counter = Template(TEMPLATE), Counter()
    for number in range(10):
        template.render(Context({"menu": [{"label": f"{number}"}], "counter": counter}))
    assert len(kept._kept) <= 3


def test_a_known_list_is_compared_by_what_it_was_made_of():
    template, counter = Template(TEMPLATE), Counter()
    for label in ("Leads", "Leads", "Tasks"):
        page = template.render(Context({"menu": kept.Known([{"label": label}]), "counter": counter}))
    assert (page, counter.count) == ("Tasks2", 2)
