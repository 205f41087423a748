"""The filter language as text, tree and JSON (LIST-2, docs/api.md): no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.core.query import All, Any, Not, QueryError, Test, format_filter, from_json, join, parse, to_json
from kanal.core.query.tree import OPERATORS

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z0-9_]{1,8})?", fullmatch=True)
values = st.text(max_size=12).filter(lambda text: "\x00" not in text and text.isprintable())
leaves = st.builds(Test, names, st.sampled_from(OPERATORS), st.lists(values.filter(bool), max_size=3).map(tuple))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Any(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: join(*items)),
    ),
    max_leaves=8,
)


@given(trees)
def test_text_and_json_give_the_tree_back(tree):
    """LIST-2: one tree, one text form, one JSON form."""
    assert parse(format_filter(tree)) == tree
    assert from_json(to_json(tree)) == tree


def test_the_example_of_the_contract_is_read():
    """docs/api.md: Filter text."""
    tree = parse(
        "status:any(new,touched);value:gt(1000,EUR);account.country:is(NO);assignee:any(me);"
        "(due:before(today)|priority:gt(80))"
    )
    assert isinstance(tree, All)
    assert tree.items[0] == Test("status", "any", ("new", "touched"))
    assert tree.items[1] == Test("value", "gt", ("1000", "EUR"))
    assert tree.items[4] == Any((Test("due", "before", ("today",)), Test("priority", "gt", ("80",))))


@pytest.mark.parametrize(
    "text",
    ["a", "a:", "a:is(", "a:is(1", "(a:is(1)", "a:is(1))", "a:foo(1)", "A:is(1)", "!!", "a:is(1)|b:is(2)", "a:is((1))",
     "((((((((((((((((((((((((((a:is(1)", "a:is(%00)", "x" * 30_000, ";".join(["a:is(1)"] * 300)],
)  # fmt: skip
def test_a_wrong_filter_says_so(text):
    """docs/api.md: a wrong filter says what is wrong."""
    with pytest.raises(QueryError) as refusal:
        parse(text)
    assert str(refusal.value)


def test_the_empty_filter_is_everything():
    """LIST-2."""
    assert parse("") == parse("  ") == All() == from_json({})
