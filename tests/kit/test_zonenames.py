"""Zones are stored by IANA's names, in whatever spelling they are given."""

import pytest
from babel.core import get_global

from kanal.kit import zones
from kanal.kit.zonenames import refusal_of, zone_named


def test_every_zone_is_found_by_its_name_in_any_case():
    """Also by words in place of underscores."""
    for name in zones.zone_names():
        assert zone_named(name) == zone_named(name.upper().replace("_", " ")) == name


def test_every_zone_of_windows_is_one():
    """A calendar or a table from Windows names its zones so."""
    for name, place in get_global("windows_zone_mapping").items():
        if name != "UTC":
            assert zone_named(name) == place
            assert zones.find_zone(zone_named(name))


@pytest.mark.parametrize("text", ["", "Oslo", "Factory", "../Europe/Oslo", "x" * 500, "Mars/Olympus", "localtime"])
def test_what_is_none_is_refused_with_an_example(text):
    """The message says what to enter."""
    assert zone_named(text) == ""
    assert "Europe/Oslo" in refusal_of(text)


@pytest.mark.parametrize("text", ["UTC+2", "+02:00", "GMT-3", "(UTC+01:00) Amsterdam, Berlin"])
def test_an_offset_is_refused_for_what_it_lacks(text):
    """Summer time is a place's."""
    assert "summer time" in refusal_of(text)
