"""Posts as senders write them, without any mapping: each is understood, and nothing of it is lost (INTAKE-1, 2)."""

import json
from pathlib import Path

import pytest

from kanal.entities.intake import bodies
from kanal.entities.intake.conditions import why_ignored
from kanal.entities.intake.understanding import understand_by

pytestmark = pytest.mark.django_db
POSTS = json.loads((Path(__file__).parent / "posts.json").read_text())


def is_as_expected(value, expected):
    """Compare a value: "*" is any, "~text" contains it, null none."""
    if expected is None:
        return not value
    if expected == "*":
        return bool(value)
    if isinstance(expected, str) and expected.startswith("~"):
        return expected[1:] in str(value)
    return value == expected


def first_of(post):
    items, _is_list = bodies.read_body(post["body"].encode(post.get("encoding", "utf-8")), post["content_type"])
    return items[0]


@pytest.mark.parametrize("post", POSTS, ids=[post["name"] for post in POSTS])
def test_a_post_is_understood(post):
    data = first_of(post)
    assert bool(why_ignored({}, data)) == post.get("ignored", False)
    if post.get("ignored"):
        return
    understood = understand_by({}, "", data)
    assert bool(understood.why_aside()) == post.get("aside", False)
    wrong = {
        key: understood.values.get(key)
        for key, expected in post["expected"].items()
        if not is_as_expected(understood.values.get(key), expected)
    }
    assert wrong == {}
    assert post.get("answer", "") in " ".join(name for name, _value in understood.answers)
    assert post.get("note", "") in " ".join(" ".join(note) for note in understood.notes)
    if post.get("complete"):
        assert (understood.answers, understood.notes) == ([], [])
