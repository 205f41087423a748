"""Personal contacts and their channels as record types, and their additions to accounts and partners."""

from django.utils.translation import gettext_lazy as _

from kanal.core import audit
from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.models import keep_key
from kanal.core.registry import extend, register
from kanal.entities.contacts import actions, phrases, rules
from kanal.entities.contacts.models import Channel, Contact, ContactType

TYPES = register(
    Entity(
        model=ContactType,
        key="contact-types",
        path="crm/contact-types",
        title="name",
        phrases=phrases.CONTACT_TYPE,
        icon="category",
        sections=(Section(_("Personal contact type"), ("name", "position", "is_default", "is_active"), "type"),),
        listing=Listing(("name", "position", "is_default", "is_active"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=keep_key),
        internal=("key", "colour", "translations"),
        is_lookup=True,
    )
)
CONTACTS = register(
    Entity(
        model=Contact,
        key="contacts",
        path="crm/contacts",
        title="name",
        subtype="type",
        phrases=phrases.CONTACT,
        icon="address-book",
        head=("job_title", ("account", "partner"), ("mobile", "phone"), "email", "city"),
        sections=(
            Section(
                _("Person"),
                ("title", "first_name", "last_name", "job_title", "type", "account", "partner", "projects"),
                "person",
            ),
            Section(_("Contact data"), ("email", "phone", "mobile", "language"), "contact"),
            Section(_("Address"), ("street", "city", "postcode", "region", "country"), "address"),
            Section(_("More"), ("birthday", "description"), "more"),
        ),
        main_fields=("first_name", "last_name", "job_title", "type", "account", "email", "phone", "mobile", "language"),
        listing=Listing(
            ("name", "job_title", "account", "partner", "type", "email", "phone", "updated_at"),
            "name",
            ("name", "email"),
        ),
        scope=Scope(
            projects="projects",
            partner=("partner_id", "account__partner_id"),
            private="private_to_id",
            private_from="account",
            inherits=("account", "partner"),
            owners=("created_by",),
        ),
        rules=Rules(derive=rules.derive_contact, check=rules.check_contact),
        actions=(actions.ADD_TO_PROJECT, actions.ANONYMIZE),
        tabs=(Tab("channels", _("Channels"), list=("channels", "contact:is({id})"), new=("channels",)),),
        internal=("name", "private_to", "anonymized_at"),
        has_overview=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
        is_creatable=False,
    )
)
CHANNELS = register(
    Entity(
        model=Channel,
        key="channels",
        path="crm/channels",
        title="value",
        phrases=phrases.CHANNEL,
        icon="at",
        sections=(Section(_("Channel"), ("contact", "kind", "value", "is_preferred"), "channel"),),
        listing=Listing(("value", "kind", "contact", "is_preferred"), "-updated_at", ("value",)),
        scope=Scope(parent="contact", owners=()),
        is_importable=True,
    )
)
extend(
    "accounts",
    actions.NEW_EMPLOYEE,
    Tab("people", _("People"), list=("contacts", "account:is({id})"), verbs=("new-employee",), none=_("No people yet")),
)
extend(
    "partners",
    actions.NEW_CONSULTANT,
    Tab(
        "consultants",
        _("Consultants"),
        list=("contacts", "partner:is({id})"),
        verbs=("new-consultant",),
        none=_("No consultants yet"),
    ),
)

audit.watch(ContactType, audit.Kind.SETTINGS, "name")
