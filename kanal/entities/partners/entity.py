"""Partners as a record type."""

from django.utils.translation import gettext_lazy as _

from kanal.core.access.condition import NOTHING, AccessCondition, compare
from kanal.core.access.permissions import UserPermissions
from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.registry import extend, register
from kanal.entities.partners import actions, phrases, rules
from kanal.entities.partners.models import Partner


def own_partner(grants: UserPermissions) -> AccessCondition:
    """Allow partner users to set their own partner on a record, even if they can't open its page."""
    return compare("pk", grants.partner_id) if grants.is_external and grants.partner_id else NOTHING


PARTNERS = register(
    Entity(
        model=Partner,
        key="partners",
        path="crm/partners",
        title="name",
        phrases=phrases.PARTNER,
        icon="heart-handshake",
        head=("tier", "city", "country", "phone", "email", "website", "manager", "parent"),
        sections=(
            Section(
                _("Partner"), ("name", "status", "tier", "manager", "parent", "projects", "description"), "partner"
            ),
            Section(_("Contact data"), ("email", "phone", "website"), "contact"),
            Section(_("Address"), ("street", "city", "postcode", "region", "country"), "address"),
            Section(_("Registration"), ("registration_number", "vat_number"), "registration"),
        ),
        main_fields=("name", "status", "tier", "manager", "email", "phone", "website", "city", "country"),
        listing=Listing(
            ("name", "status", "tier", "city", "country", "manager", "updated_at"),
            "name",
            ("name", "email", "city"),
            status="status",
            card=("tier", "country", "manager"),
        ),
        scope=Scope(projects="projects", partner=("id",), owners=("created_by", "manager"), choosable=own_partner),
        rules=Rules(derive=rules.derive_partner, initial=rules.partner_defaults, check=rules.check_partner),
        actions=(actions.ADD_TO_PROJECT,),
        tabs=(
            Tab("data", _("Data")),
            Tab(
                "accounts",
                _("Managed accounts"),
                list=("accounts", "partner:is({id})"),
                new=("accounts",),
                none=_("No managed accounts yet"),
            ),
            Tab(
                "subpartners",
                _("Subpartners"),
                list=("partners", "parent:is({id})"),
                new=("partners",),
                none=_("No subpartners yet"),
            ),
        ),
        has_overview=True,
        has_board=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
    )
)
extend("accounts", actions.ASSIGN_TO_PARTNER)
