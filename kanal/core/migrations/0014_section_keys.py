"""Identifies the section of a custom field by key instead of by title."""

from django.db import migrations

TITLES = {
    "users": {"Person": "person", "Work": "work", "Leads": "leads"},
    "projects": {"Project": "project"},
    "account-types": {"Account type": "type"},
    "account-groups": {"Account group": "group"},
    "accounts": {
        "Account": "account",
        "Contact data": "contact",
        "Address": "address",
        "Registration": "registration",
        "Sales": "sales",
        "Visibility": "visibility",
        "Comment": "comment",
    },
    "account-relations": {"Relation": "relation"},
    "contact-types": {"Personal contact type": "type"},
    "contacts": {"Person": "person", "Contact data": "contact", "Address": "address", "More": "more"},
    "channels": {"Channel": "channel"},
    "partners": {"Partner": "partner", "Contact data": "contact", "Address": "address", "Registration": "registration"},
    "tasks": {"Task": "task", "Time": "time", "Customers": "customers", "People": "people"},
    "price-books": {"Price book": "book", "Renewal and rules": "rules"},
    "products": {"Product": "product", "Sale": "sale"},
    "bundles": {"Bundle": "bundle"},
    "bundle-items": {"Product": "item"},
    "prices": {"Price": "price"},
    "campaigns": {"Campaign": "campaign", "Money": "money", "Contents": "contents"},
    "activities": {"Activity": "activity", "People": "people", "Outcome": "outcome", "Belongs to": "parents"},
    "leads": {
        "Lead": "lead",
        "Person": "person",
        "Address": "address",
        "Company": "company",
        "Origin": "origin",
        "Progress": "progress",
    },
    "opportunities": {
        "Opportunity": "opportunity",
        "Value and forecast": "value",
        "People": "people",
        "Origin": "origin",
        "Need and competition": "need",
        "Sale": "sale",
    },
    "business-roles": {"Business role": "role"},
    "quotes": {"Quote": "quote", "Dates and terms": "terms", "Totals": "totals", "Revisions": "revisions"},
    "quote-items": {"Item": "item", "Price": "price"},
    "contracts": {
        "Contract": "contract",
        "Value": "value",
        "Term": "term",
        "Prices": "prices",
        "Responsibility": "responsibility",
    },
}


def name_by_key(apps, schema_editor):
    """Replace the titles of declared sections by their keys. Titles of other sections are unchanged."""
    rows = apps.get_model("core", "CustomField").objects
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kanal.audit', 'off', true)")  # not a change by an administrator
    for entity, keys in TITLES.items():
        for title, key in keys.items():
            rows.filter(entity=entity, section__iexact=title).update(section=key)


class Migration(migrations.Migration):
    dependencies = [("core", "0013_redact_texts")]
    operations = [migrations.RunPython(name_by_key, migrations.RunPython.noop)]
