"""Accounts, their groups and relations as record types."""

from django.utils.translation import gettext_lazy as _

from kanal.core import audit
from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.models import keep_key
from kanal.core.registry import register
from kanal.entities.accounts import phrases, rules
from kanal.entities.accounts.actions import ACTIONS
from kanal.entities.accounts.models import Account, AccountGroup, AccountRelation, AccountType
from kanal.entities.accounts.relations import relations

TYPES = register(
    Entity(
        model=AccountType,
        key="account-types",
        path="crm/account-types",
        title="name",
        phrases=phrases.ACCOUNT_TYPE,
        icon="category",
        sections=(
            Section(
                _("Account type"),
                ("name", "has_organization", "has_personal_name", "position", "is_default", "is_active"),
                "type",
            ),
        ),
        listing=Listing(("name", "has_organization", "has_personal_name", "position", "is_active"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=keep_key, check=rules.check_type),
        internal=("key", "colour", "translations"),
        is_lookup=True,
    )
)
GROUPS = register(
    Entity(
        model=AccountGroup,
        key="account-groups",
        path="crm/account-groups",
        title="name",
        phrases=phrases.ACCOUNT_GROUP,
        icon="folder",
        sections=(Section(_("Account group"), ("name", "description"), "group"),),
        listing=Listing(("name", "description", "updated_at"), "name", ("name",)),
        scope=Scope(owners=()),
        is_importable=True,
    )
)
ACCOUNTS = register(
    Entity(
        model=Account,
        key="accounts",
        path="crm/accounts",
        title="name",
        subtype="type",
        phrases=phrases.ACCOUNT,
        icon="building",
        head=("industry", "city", "country", "phone", "email", "website", "account_manager", "partner", "groups"),
        sections=(
            Section(_("Account"), ("type", "organization", "first_name", "last_name"), "account"),
            Section(_("Contact data"), ("email", "phone", "website"), "contact"),
            Section(_("Address"), ("street", "city", "postcode", "region", "country"), "address"),
            Section(_("Registration"), ("registration_number", "vat_number"), "registration"),
            Section(
                _("Sales"),
                (
                    "account_manager",
                    "partner",
                    "industry",
                    "parent",
                    "key_account",
                    "groups",
                    "projects",
                    "favourite_of",
                ),
                "sales",
            ),
            Section(_("Visibility"), ("is_global", "is_private", "private_to", "is_archived"), "visibility"),
            Section(_("Comment"), ("comment",), "comment"),
        ),
        main_fields=(
            "type",
            "organization",
            "first_name",
            "last_name",
            "email",
            "phone",
            "website",
            "industry",
            "city",
            "country",
            "account_manager",
        ),
        listing=Listing(
            ("name", "type", "city", "country", "account_manager", "industry", "partner", "updated_at"),
            "name",
            ("name", "email", "city"),
            card=("city", "country", "account_manager"),
            default_filter="is_archived:is(no)",
        ),
        scope=Scope(
            projects="projects",
            partner=("partner_id",),
            private="private_to_id",
            private_by=("is_private",),
            shared="is_global",
            owners=("created_by", "account_manager"),
        ),
        rules=Rules(
            derive=rules.derive_account,
            guard=rules.guard_account,
            initial=rules.account_defaults,
            check=rules.check_account,
        ),
        actions=ACTIONS,
        tabs=(
            Tab("data", _("Data")),
            Tab("relations", _("Relations"), "accounts/relations.html", relations, tells=(), new=("accounts",)),
        ),
        internal=("name", "registration_key", "vat_key"),
        has_overview=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
    )
)
RELATIONS = register(
    Entity(
        model=AccountRelation,
        key="account-relations",
        path="crm/account-relations",
        title="description",
        phrases=phrases.ACCOUNT_RELATION,
        icon="affiliate",
        sections=(Section(_("Relation"), ("account", "related_account", "relation_kind", "description"), "relation"),),
        listing=Listing(
            ("account", "relation_kind", "related_account", "description"), "-updated_at", ("description",)
        ),
        scope=Scope(parent="account", owners=()),
        is_importable=True,
    )
)

audit.watch(AccountType, audit.Kind.SETTINGS, "name")
audit.watch(AccountGroup, audit.Kind.SETTINGS, "name")
