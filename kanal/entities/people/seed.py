"""The roles of a new installation (INIT-1). Rules for installed types are added, changed ones stay unchanged."""

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
# Visible with their records. A rule defines who may add to them, and who can see private comments.
ATTACHED = ("comments", "files")

ALL, TEAM, OWN, PARTNER = Visibility.ALL, Visibility.TEAM, Visibility.OWN, Visibility.PARTNER
WITH_RECORDS = {
    "keep": {"add", "edit", "delete"}, "say": {"add", "private"}, "hear": {"private"}, "add": {"add"},
}  # fmt: skip
FULL = "full"
USE = "use"
DEAL = "deal"
# Internal decisions on a partner's records, or links to records that partners never see.
INSIDE = {"take", "return_to_pool", "add_partner", "assign_partner", "move", "add_task", "unlock"}
# What a seller may also delete: parts of a sale, and entries made by mistake.
PARTS = ("activities", "quotes", "quote-items", "business-roles", "channels")
Rights = dict[tuple[str, ...], tuple[str, str]]

# Role key → (name, purpose, {types: (visibility, extent)}): full = everything, use = all but delete and import,
# deal = useful actions without internal decisions.
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


# Permissions of roles that aren't tied to a type.
PERMISSIONS = {"director": ["publish_filters"], "lead-manager": ["publish_filters"]}


def actions_of(key: str, extent: str) -> set[str]:
    """Return the actions on a type included in an extent."""
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
    """Create missing roles, and missing rules of the built-in ones."""
    for key, (name, description, rights) in ROLES.items():
        role, _made = Role.objects.get_or_create(  # direct write: roles aren't a record type
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
                    RoleRule.objects.create(  # direct write: rules aren't a record type
                        role=role, entity=entity_key, visibility=visibility, actions=actions
                    )
