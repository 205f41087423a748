"""Words for visibility, and which of them an access condition requires. No database."""

from django.db.models import Q

from kanal.core import registry
from kanal.core.access.condition import EVERYTHING, NOTHING, AccessCondition, compare
from kanal.core.access.queryset import without_private
from kanal.features.search.acl_tokens import AclTokens, acl_tokens_of, words_of_scope

NORTH = frozenset({"owner1", "owner2"})


def reach(condition: AccessCondition) -> AclTokens:
    return acl_tokens_of(registry.get("ships"), condition)


def test_a_record_has_a_word_for_each_that_may_see_it():
    values = {"owner_ids": [2, 7], "project_id": 5, "partner_id": None, "private_to_id": 7}
    assert words_of_scope(registry.get("ships"), values) == "owner2 owner7 project5 private7"
    account = {"owner_ids": [], "partner_id": 3, "private_to_id": None, "is_global": True}
    assert words_of_scope(registry.get("accounts"), account) == "partner3 shared"
    assert words_of_scope(registry.get("accounts"), account | {"is_global": False, "partner_id": None}) == ""


MINE = compare("owner_ids", 1, 2, lookup="overlap")
NAMED = AccessCondition(Q(name="Nord"))


def test_people_projects_and_partners_are_read_from_a_condition():
    assert reach(MINE) == AclTokens(NORTH, True)
    assert reach(compare("project_id", 5, lookup="in")) == AclTokens(frozenset({"project5"}), True)
    assert reach(compare("partner_id", 3)) == AclTokens(frozenset({"partner3"}), True)
    assert reach(NOTHING) == AclTokens(frozenset(), True)


def test_of_two_conditions_at_once_the_narrower_is_enough():
    assert reach(MINE & compare("project_id", 5, lookup="in")) == AclTokens(frozenset({"project5"}), True)
    assert reach(without_private(MINE, "private_to_id", 1, True)) == AclTokens(NORTH | {"private1"}, True)
    assert reach(without_private(NOTHING, "private_to_id", 1, False)) == AclTokens(frozenset(), True)


def test_of_two_alternatives_both_must_be_known():
    assert reach(MINE | compare("private_to_id", 1)) == AclTokens(NORTH | {"private1"}, True)
    assert reach(MINE | NAMED) == AclTokens(NORTH, False)


def test_what_is_not_known_is_looked_for_everywhere():
    all_but_private = without_private(EVERYTHING, "private_to_id", 1, True)
    for condition in (
        NAMED,
        EVERYTHING,
        all_but_private,
        compare("harbour", 1, lookup="in"),
        compare("partner_id", None),
    ):
        assert reach(condition) == AclTokens(frozenset(), False)
