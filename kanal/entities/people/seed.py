"""The roles of a new installation (INIT-1); rules for types that exist are added, changed ones are left alone."""

from django.utils.translation import gettext_noop as _

from kanal.core import registry
from kanal.core.models import Role, RoleRule
from kanal.core.models.access import Visibility

READ = {"view", "export"}
WRITE = {"view", "export", "add", "edit"}
SALES = ("leads", "opportunities", "business-roles", "activities", "quotes", "quote-items")
CUSTOMERS = ("accounts", "contacts", "account-relations", "account-groups", "channels")
PRICES = (
    "price-books", "products", "bundles", "bundle-items", "prices", "brands", "product-versions", "product-categories",
)  # fmt: skip
CHANNEL = ("partners", "campaigns")
WORK = ("projects", "tasks")
PEOPLE = ("users", "groups")
AFTER = ("contracts",)
LEADS = ("intake-sources", "splitter-filters", "intakes")
TEMPLATES = ("templates",)
# What hangs on records is seen with them; a rule says who may add to it, and to whom private comments are shown.
ATTACHED = ("comments", "files")

ALL, TEAM, OWN, PARTNER = Visibility.ALL, Visibility.TEAM, Visibility.OWN, Visibility.PARTNER
WITH_RECORDS = {
    "keep": {"add", "edit", "delete"}, "say": {"add", "private"}, "hear": {"private"}, "add": {"add"},
}  # fmt: skip
FULL = "full"
USE = "use"
DEAL = "deal"
# What is for the own company to decide of a partner's records, or leads to records that partners never see.
INSIDE = {"take", "return_to_pool", "add_partner", "assign_partner", "move", "add_task", "unlock"}
# What a seller also takes away again: parts of a sale, and what was noted by mistake.
PARTS = ("activities", "quotes", "quote-items", "business-roles", "channels")
Rights = dict[tuple[str, ...], tuple[str, str]]

# Role key → (name, what it is for, {types: (visibility, how far)}): full = everything, use = all but delete and import,
# deal = what is of use without what is decided inside.
ROLES: dict[str, tuple[str, str, Rights]] = {
    "administrator": (_("Administrator"), _("Administrators: run the installation and have every permission."), {}),
    "director": (
        _("Sales director"),
        _("Sees and manages all sales."),
        {
            (*SALES, *CUSTOMERS, *PRICES, *CHANNEL, *WORK, *AFTER, *LEADS, *TEMPLATES): (ALL, FULL),
            PEOPLE: (ALL, "read"),
            ("comments",): (ALL, "say"),
            ("files",): (ALL, "keep"),
        },
    ),
    "representative": (
        _("Sales representative"),
        _("Sales: sees own leads, opportunities and customers, and those of their team."),
        {
            (*SALES, *CUSTOMERS, *AFTER): (TEAM, USE),
            ("tasks",): (TEAM, USE),
            (*PRICES, *CHANNEL, "projects", *PEOPLE, *TEMPLATES): (ALL, "read"),
            ATTACHED: (ALL, "say"),
        },
    ),
    "lead-manager": (
        _("Lead manager"),
        _("Manages intake, splitter and the free pool."),
        {
            ("leads", "activities", "campaigns", *LEADS): (ALL, FULL),
            (*CUSTOMERS, "partners", "projects", *PEOPLE): (ALL, "read"),
            ATTACHED: (ALL, "say"),
        },
    ),
    "account-manager": (
        _("Account manager"),
        _("Looks after customers throughout their history."),
        {
            (*CUSTOMERS, "activities", *AFTER): (ALL, USE),
            ("opportunities", "quotes", "quote-items", "leads", "tasks"): (TEAM, USE),
            (*PRICES, *CHANNEL, "projects", *PEOPLE, *TEMPLATES): (ALL, "read"),
            ATTACHED: (ALL, "say"),
        },
    ),
    "support": (
        _("Support"),
        _("Delivers and supports what was sold."),
        {
            ("tasks", "activities"): (ALL, USE),
            (*CUSTOMERS, *AFTER, "projects", *PEOPLE): (ALL, "read"),
            ATTACHED: (ALL, "say"),
        },
    ),
    "partner": (
        _("Partner"),
        _("An external seller: sees what belongs to their partner, and nothing else."),
        {
            (*SALES, "contacts", "channels"): (PARTNER, DEAL),
            ("accounts", *AFTER, *PRICES, "partners", "users", *TEMPLATES): (PARTNER, "read"),
            ATTACHED: (PARTNER, "add"),
        },
    ),
    "read-only": (
        _("Read-only"),
        _("Sees everything, changes nothing."),
        {
            (*SALES, *CUSTOMERS, *PRICES, *CHANNEL, *WORK, *AFTER, *PEOPLE): (ALL, "read"),
            ("comments",): (ALL, "hear"),
        },
    ),
}


# Permissions that belong to no type, of the roles that have some.
PERMISSIONS = {"director": ["publish_filters"], "lead-manager": ["publish_filters"]}


def actions_of(key: str, extent: str) -> set[str]:
    """Return the actions on a type that an extent covers."""
    if extent == "read":
        return READ
    if key in ATTACHED:
        return WITH_RECORDS[extent] - ({"private"} if key == "files" else set())
    verbs = {action.needs for action in registry.actions(registry.get(key))}
    every = WRITE | verbs
    if extent == FULL:
        return every | {"delete", "import"}
    used = every - {"import", "anonymize", "delete"} | ({"delete"} if key in PARTS else set())
    return used - INSIDE if extent == DEAL else used


def seed() -> None:
    """Add missing roles, and missing rules of the built-in ones."""
    for key, (name, description, rights) in ROLES.items():
        role, _made = Role.objects.get_or_create(  # direct write: roles are no record type
            key=key,
            defaults={
                "name": name,
                "description": description,
                "is_builtin": True,
                "permissions": PERMISSIONS.get(key, []),
            },
        )
        known = set(RoleRule.objects.filter(role=role).values_list("entity", flat=True))
        for types, (visibility, extent) in rights.items():
            for entity_key in types:
                if entity_key not in known:
                    actions = sorted(actions_of(entity_key, extent))
                    RoleRule.objects.create(  # direct write: rules are no record type
                        role=role, entity=entity_key, visibility=visibility, actions=actions
                    )
