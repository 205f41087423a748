"""What stands above something, and circles."""

from types import SimpleNamespace as Plain

from kanal.kit.chains import DEEPEST, above, is_below_itself


def test_above_gives_the_nearest_first():
    top = Plain(pk=1, parent=None)
    middle = Plain(pk=2, parent=top)
    assert list(above(Plain(pk=3, parent=middle))) == [middle, top]


def test_a_circle_is_found_and_comes_to_an_end():
    top = Plain(pk=1, supervisor=None)
    below = Plain(pk=2, supervisor=top)
    assert not is_below_itself(below, "supervisor")
    top.supervisor = below
    assert is_below_itself(top, "supervisor")
    assert len(list(above(Plain(supervisor=top), "supervisor"))) == DEEPEST


def test_what_is_not_stored_yet_stands_below_nothing_of_its_own():
    assert not is_below_itself(Plain(pk=None, parent=Plain(pk=None, parent=None)))
