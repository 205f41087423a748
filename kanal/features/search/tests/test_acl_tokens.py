"""Which words say who may see a record, and what a condition of the access layer asks of them; no database."""

from django.db.models import Q

from kanal.core import registry
from kanal.features.search.acl_tokens import AclTokens, acl_tokens_of, words_of_scope

NORTH = frozenset({"owner1", "owner2"})


def reach(condition: Q) -> AclTokens:
    return acl_tokens_of(registry.get("ships"), condition)


def test_a_record_has_a_word_for_each_that_may_see_it():
    values = {"owner_ids": [2, 7], "project_id": 5, "partner_id": None, "private_to_id": 7}
    assert words_of_scope(registry.get("ships"), values) == "owner2 owner7 project5 private7"
    account = {"owner_ids": [], "partner_id": 3, "private_to_id": None, "is_global": True}
    assert words_of_scope(registry.get("accounts"), account) == "partner3 shared"
    assert words_of_scope(registry.get("accounts"), account | {"is_global": False, "partner_id": None}) == ""


def test_people_projects_and_partners_are_read_from_a_condition():
    assert reach(Q(owner_ids__overlap=[1, 2])) == AclTokens(NORTH, True)
    assert reach(Q(project_id__in=[5])) == AclTokens(frozenset({"project5"}), True)
    assert reach(Q(partner_id=3)) == AclTokens(frozenset({"partner3"}), True)
    assert reach(Q(pk__in=[])) == AclTokens(frozenset(), True)


def test_of_two_conditions_at_once_the_narrower_is_enough():
    assert reach(Q(owner_ids__overlap=[1, 2]) & Q(project_id__in=[5])) == AclTokens(frozenset({"project5"}), True)
    hidden = Q(private_to_id__isnull=False) & ~Q(private_to_id=1)
    assert reach(Q(owner_ids__overlap=[1, 2]) & ~hidden) == AclTokens(NORTH, True)


def test_of_two_alternatives_both_must_be_known():
    mine = Q(owner_ids__overlap=[1, 2])
    assert reach(mine | Q(private_to_id=1)) == AclTokens(NORTH | {"private1"}, True)
    assert reach(mine | Q(name="Nord")) == AclTokens(NORTH, False)


def test_what_is_not_known_is_looked_for_everywhere():
    for condition in (Q(name="Nord"), ~Q(owner_ids__overlap=[1]), Q(harbour__in=[1]), Q(private_to_id__isnull=True)):
        assert reach(condition) == AclTokens(frozenset(), False)
