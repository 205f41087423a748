"""Formats of known senders of leads: predefined mappings that are chosen or detected.

Sources: the documentation of each sender's payload (2026-11).
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.entities.intake.paths import resolve_path

Fields = tuple[tuple[str, str], ...]
Condition = dict[str, str]


@dataclass(frozen=True)
class Sender:
    """A sender: its mapping, payloads that aren't leads, the location of lists, and how to detect it."""

    key: str
    label: Any
    fields: Fields = ()
    ignore_if: tuple[Condition, ...] = ()
    only_if: tuple[Condition, ...] = ()
    list_at: str = ""
    known_by: tuple[str, ...] = ()
    known_values: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())

    def knows(self, data: Any) -> bool:
        """Return whether a post is certainly from this sender."""
        if not self.known_by or any(resolve_path(data, path) is None for path in self.known_by):
            return False
        return all(str(resolve_path(data, path)) in wanted for path, wanted in self.known_values)


def name_value_fields(container: str, key: str, value: str, **names: str) -> Fields:
    """Return the fields of a list whose entries have a name and a value."""
    return tuple((f"{container}[{key}={name}].{value}", target) for name, target in names.items())


FACEBOOK = {
    "email": "email", "work_email": "email", "full_name": "full_name", "first_name": "first_name",
    "last_name": "last_name", "phone_number": "phone", "work_phone_number": "phone", "company_name": "company",
    "job_title": "job_title", "street_address": "street", "city": "city", "post_code": "postcode",
    "zip_code": "postcode", "state": "region", "province": "region", "country": "country", "website": "website",
}  # fmt: skip
GOOGLE = {
    "EMAIL": "email", "WORK_EMAIL": "email", "FULL_NAME": "full_name", "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name", "PHONE_NUMBER": "phone", "WORK_PHONE": "phone", "COMPANY_NAME": "company",
    "JOB_TITLE": "job_title", "STREET_ADDRESS": "street", "CITY": "city", "POSTAL_CODE": "postcode",
    "REGION": "region", "COUNTRY": "country",
}  # fmt: skip
HUBSPOT = {
    "email": "email", "firstname": "first_name", "lastname": "last_name", "phone": "phone", "mobilephone": "phone",
    "company": "company", "jobtitle": "job_title", "website": "website", "address": "street", "city": "city",
    "zip": "postcode", "state": "region", "country": "country", "message": "description",
}  # fmt: skip
TYPEFORM: Fields = (
    *name_value_fields("form_response.answers", "field.ref", "email", email="email"),
    ("form_response.answers[type=email].email", "email"),
    ("form_response.answers[type=phone_number].phone_number", "phone"),
    *((f"form_response.answers[field.ref={ref}].text", target) for ref, target in (
        ("full-name", "full_name"), ("full_name", "full_name"), ("name", "full_name"), ("first_name", "first_name"),
        ("last_name", "last_name"), ("company", "company"), ("message", "description"))),
    ("form_response.answers[type=choices].choices.labels", "description"),
    ("form_response.answers[type=long_text].text", "description"),
    ("form_response.answers[type=legal].boolean", "consent"),
    ("form_response.answers[type=boolean].boolean", "consent"),
    *((f"form_response.hidden.{name}", name) for name in (
        "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")),
)  # fmt: skip
MAILCHIMP: Fields = (
    ("data[merges][EMAIL]", "email"), ("data[email]", "email"), ("data[merges][FNAME]", "first_name"),
    ("data[merges][LNAME]", "last_name"), ("data[merges][PHONE]", "phone"), ("data[merges][COMPANY]", "company"),
)  # fmt: skip
CALENDLY: Fields = (
    ("payload.email", "email"), ("payload.first_name", "first_name"), ("payload.last_name", "last_name"),
    ("payload.name", "full_name"), ("payload.text_reminder_number", "phone"),
    ("payload.scheduled_event.name", "subject"),
    *((f"payload.tracking.{name}", name) for name in (
        "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")),
)  # fmt: skip
UNBOUNCE: Fields = tuple(
    (f"{place}.{name}", target)
    for place in ("data.json", "data_json", "data")
    for name, target in (
        ("email", "email"), ("name", "full_name"), ("full_name", "full_name"), ("first_name", "first_name"),
        ("last_name", "last_name"), ("phone_number", "phone"), ("phone", "phone"), ("company", "company"),
        ("message", "description"),
    )
)  # fmt: skip
CONTACT_FORM_7: Fields = (
    ("your-name", "full_name"), ("your-email", "email"), ("your-subject", "subject"), ("your-message", "description"),
    ("your-tel", "phone"), ("your-phone", "phone"), ("your-company", "company"), ("your-consent", "consent"),
    ("acceptance", "consent"),
)  # fmt: skip
LINKEDIN = {
    "emailAddress": "email", "workEmail": "email", "firstName": "first_name", "lastName": "last_name",
    "phoneNumber": "phone", "workPhoneNumber": "phone", "companyName": "company", "company": "company",
    "jobTitle": "job_title", "city": "city", "countryName": "country", "country": "country",
}  # fmt: skip
TEST = ({"field": "is_test", "op": "is", "value": "true"},)
# Values that Meta's test tool fills in.
META_TEST = tuple(
    {"field": f"field_data[name={name}].values", "op": "contains", "value": "<test lead: dummy data"}
    for name in ("full_name", "first_name", "last_name", "company_name")
)

SENDERS: dict[str, Sender] = {
    sender.key: sender
    for sender in (
        Sender("hubspot", "HubSpot", (
            *name_value_fields("values", "name", "value", **HUBSPOT),
            *name_value_fields("fields", "name", "value", **HUBSPOT),
            *((f"properties.{name}.value", target) for name, target in HUBSPOT.items()),
            *((f"properties.{name}", target) for name, target in HUBSPOT.items()))),
        Sender("typeform", "Typeform", TYPEFORM, known_by=("form_response.answers",)),
        Sender("facebook", "Facebook / Meta Lead Ads", name_value_fields("field_data", "name", "values", **FACEBOOK),
               (*TEST, *META_TEST), known_by=("field_data",)),
        Sender("google_ads", "Google Ads", name_value_fields("user_column_data", "column_id", "string_value", **GOOGLE),
               TEST, known_by=("user_column_data",)),
        Sender("linkedin", "LinkedIn Lead Gen Forms", (
            *((name, target) for name, target in LINKEDIN.items()),
            *name_value_fields("answers", "name", "value", **LINKEDIN))),
        Sender("mailchimp", "Mailchimp", MAILCHIMP, only_if=({"field": "type", "op": "is", "value": "subscribe"},),
               known_by=("type", "fired_at"),
               known_values=(("type", ("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign")),)),
        Sender("calendly", "Calendly", CALENDLY, only_if=({"field": "event", "op": "is", "value": "invitee.created"},),
               known_by=("event", "payload"),
               known_values=(("event", ("invitee.created", "invitee.canceled", "invitee_no_show.created",
                                        "invitee_no_show.deleted", "routing_form_submission.created")),)),
        Sender("unbounce", "Unbounce", UNBOUNCE, known_by=("data.json",)),
        Sender("contact_form_7", "Contact Form 7", CONTACT_FORM_7),
        Sender("gravity_forms", "Gravity Forms / WPForms / Ninja Forms"),
        Sender("webflow", "Webflow", tuple((f"payload.data.{name}", target) for name, target in (
            ("Name", "full_name"), ("name", "full_name"), ("Email", "email"), ("email", "email"), ("Phone", "phone"),
            ("Message", "description"), ("Company", "company"))), known_by=("triggerType", "payload.data"),
               only_if=({"field": "triggerType", "op": "is", "value": "form_submission"},)),
        Sender("jotform", "Jotform", (), known_by=("formID", "rawRequest")),
        Sender("zapier", "Zapier / Make / n8n"),
        Sender("leads_list", _("A list under “leads”"), list_at="leads"),
    )
}  # fmt: skip


def sender_of(mapping: Any, data: Any) -> Sender | None:
    """Return the sender set in a mapping, else the one detected from the post."""
    if "preset" in mapping:
        return SENDERS.get(str(mapping["preset"]))
    return next((sender for sender in SENDERS.values() if sender.knows(data)), None)
