"""Who may see, change and delete what, and which fields: written from the rules ACC-1…8, naive and slow on purpose."""

from tests.access.facts import COMMON, Facts, Person, Thing

# Keys and passwords of other systems, for those who may edit the record type alone.
SECRETS = {("intake-sources", "key"), ("intake-sources", "hmac_secret")}
# What products cost us is for the own company alone, from the first day on (PB-4, ACC-8).
INTERNAL = {
    ("products", "cost"), ("products", "minimum_margin"),
    ("users", "absent_from"), ("users", "absent_until"), ("users", "most_open_leads"),
}  # fmt: skip

# Fields from which others can be read.
TELLS_OF = {
    ("opportunities", "weighted_value"): ("value", "probability"),
    ("opportunities", "attention"): ("status", "expected_close_date", "next_action_date", "next_activity"),
    ("quote-items", "price_origin"): ("unit_price", "list_price"),
}


def bosses_of(facts: Facts, pk: int) -> set[int]:
    """Return everybody above a user in the organization chart."""
    supervisors: set[int] = set()
    above = facts.people[pk].boss
    while above is not None and above not in supervisors:
        supervisors.add(above)
        above = facts.people[above].boss
    return supervisors


def team_of(facts: Facts, who: Person) -> set[int]:
    """Return a user and all below them, at any depth (ACC-4)."""
    return {who.pk} | {pk for pk in facts.people if who.pk in bosses_of(facts, pk)}


def root_of(facts: Facts, thing: Thing) -> Thing:
    """Return the record with which alone this one is seen, or itself."""
    return root_of(facts, facts.things[thing.parent]) if thing.parent else thing


def holds(projects: frozenset[int] | None, thing: Thing, action: str) -> bool:
    """Return whether a role that somebody has in these projects reaches a record (ACC-1, ACC-3a).

    Lists of the whole installation are read with any role; to change them one needs a role everywhere.
    """
    if projects is None:
        return True
    if thing.key in COMMON:
        return action in ("view", "export")
    return bool(projects & thing.projects)


def belongs(facts: Facts, who: Person, thing: Thing, visibility: str, action: str) -> bool:
    """Return whether a record is among those that a visibility shows to a user (ACC-3, ACC-4, ACC-8)."""
    if who.is_external or visibility == "partner":
        return who.partner is not None and who.partner in thing.partners
    if visibility == "all" or thing.key in (*COMMON, "price-books"):
        return True
    people = team_of(facts, who) if visibility == "team" or (facts.shares and action == "view") else {who.pk}
    return bool(people & thing.people)


def is_open(facts: Facts, who: Person, thing: Thing, action: str) -> bool:
    """Return whether a record is open by a rule of its own type, whatever the visibility says."""
    if thing.key == "accounts" and thing.is_global:
        return action == "view" and not who.is_external and has(facts, who, "accounts", "view")
    if thing.key == "leads" and "pool" in thing.marks:
        return action in ("view", "take") and not who.is_external and takes(facts, who, thing)
    if thing.key in ("price-books", "products") and "open" in thing.marks:
        return action == "view" and who.is_external
    if thing.key == "templates" and "open" in thing.marks:
        return action == "view" and who.is_external and has(facts, who, "templates", "view")
    if thing.key in ("brands", "product-versions", "product-categories", "units", "tax-rates"):
        return action == "view"
    if thing.key == "users":
        mine = f"partner:{who.partner}" in thing.marks
        return action == "view" and (mine if who.is_external else True)
    return False


def chooses(facts: Facts, who: Person, thing: Thing) -> bool:
    """Return whether a user may choose a record that they may not open, and so reads its name (PART-1a)."""
    if thing.key == "partners":
        return who.is_external and thing.pk == who.partner
    if thing.key != "projects":
        return False
    for given in facts.roles[who.pk]:
        adds = any("add" in actions for actions, _visibility in given.rules.values())
        if adds and given.projects is not None and thing.pk in given.projects:
            return True
    worked = {f"{key}:{who.partner}" for key in ("leads", "opportunities") if has(facts, who, key, "add")}
    return who.is_external and bool(thing.marks & {f"partner:{who.partner}", *worked})


def takes(facts: Facts, who: Person, thing: Thing) -> bool:
    """Return whether a user takes leads from the free pool of this lead's project (LEAD-4)."""
    return who.is_admin or any(
        "take" in actions and (given.projects is None or bool(given.projects & thing.projects))
        for given, actions, _visibility in rules_for(facts, who, "leads")
    )


def rules_for(facts: Facts, who: Person, key: str) -> list[tuple]:
    """List a user's rules for a type: (role, actions, visibility)."""
    return [(given, *given.rules[key]) for given in facts.roles[who.pk] if key in given.rules]


def has(facts: Facts, who: Person, key: str, action: str, *, everywhere: bool = False) -> bool:
    """Return whether a user has a permission on a type anywhere, or by a role that holds everywhere."""
    wanted = {action, "edit_own"} if action == "edit" and everywhere else {action}
    return who.is_admin or any(
        wanted & actions and (given.projects is None or not everywhere)
        for given, actions, _visibility in rules_for(facts, who, key)
    )


def may(facts: Facts, who: Person, thing: Thing, action: str) -> bool:
    """Return whether a user may do an action on a record."""
    root = root_of(facts, thing)
    if thing.parent and not may(facts, who, facts.things[thing.parent], "view"):
        return False
    if root.is_private and root.private_to != who.pk:
        return False
    if who.is_admin:
        return True
    if root.is_private:
        return has(facts, who, thing.key, action) or by_roles(facts, who, thing, root, action)
    if by_roles(facts, who, thing, root, action):
        return True
    if thing.parent:
        return is_open(facts, who, root, action) and has(facts, who, thing.key, action)
    return is_open(facts, who, thing, action)


def by_roles(facts: Facts, who: Person, thing: Thing, root: Thing, action: str) -> bool:
    """Return whether one of the user's roles allows the action; “edit own” is for records of one's own (ACC-2)."""
    for given, actions, visibility in rules_for(facts, who, thing.key):
        if not holds(given.projects, root, action) or not belongs(facts, who, root, visibility, action):
            continue
        if action in actions:
            return True
        if action == "edit" and "edit_own" in actions and who.pk in (root.people or owners_of(root)):
            return True
    return False


def owners_of(thing: Thing) -> frozenset[int]:
    """Return the author of a record that has no other people."""
    return frozenset(int(mark.removeprefix("by:")) for mark in thing.marks if mark.startswith("by:"))


def reads(facts: Facts, who: Person, key: str, field: str) -> bool:
    """Return whether a field is shown to a user (ACC-6): to all or to those chosen, to administrators always."""
    if (key, field) in SECRETS and not (has(facts, who, key, "edit", everywhere=True)):
        return False
    if (key, field) in INTERNAL and who.is_external:
        return False
    if not all(reads(facts, who, key, other) for other in TELLS_OF.get((key, field), ())):
        return False
    if (key, field) in facts.closed:  # by a rule for everybody at every status, administrators too (FORM-2)
        return False
    limit = facts.limits.get((key, field))
    if limit is None or who.is_admin:
        return True
    return who.pk in limit.users or who.user_type in limit.user_types or bool(who.groups & set(limit.groups))


def hears(facts: Facts, who: Person, thing: Thing, author: int | None) -> bool:
    """Return whether a private comment is shown: to its author and roles with the permission, never outside (DET-3)."""
    if who.is_external:
        return False
    if who.is_admin or author == who.pk:
        return True
    root = root_of(facts, thing)
    return any(
        "private" in actions and (given.projects is None or bool(given.projects & root.projects))
        for given, actions, _visibility in rules_for(facts, who, "comments")
    )
