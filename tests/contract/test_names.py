"""The field names that the API promises to the outside, type by type: who renames or drops one breaks this test."""

import pytest

from kanal.core import registry
from kanal.core.fields import fields_of

FAKES = {"ships", "harbours"}
COMMON = {"id", "created_at", "updated_at", "created_by"}
# The words of the specification in snake_case (docs/api.md). A new field is added here; what stands here stays.
PROMISED = {
    "users": """
        first_name last_name username email phone job_title user_type supervisor partner language time_zone
        is_active absent_from absent_until most_open_leads name
    """,
    "groups": "name description members",
    "projects": "name identifier parent status description modules is_template",
    "account-types": "key name has_organization has_personal_name position is_default is_active",
    "account-groups": "name description",
    "accounts": """
        type organization first_name last_name email phone website street city postcode region country
        registration_number vat_number account_manager partner industry parent key_account groups projects
        favourite_of is_global is_private private_to is_archived comment name
    """,
    "account-relations": "account related_account relation_kind description",
    "contact-types": "key name position is_default is_active",
    "contacts": """
        title first_name last_name job_title type account partner projects email phone mobile language street
        city postcode region country birthday description name
    """,
    "channels": "contact kind value is_preferred",
    "partners": """
        name status tier manager parent projects description email phone website street city postcode region
        country registration_number vat_number
    """,
    "trackers": "key name colour position is_default is_active",
    "task-statuses": "key name colour position is_default is_active kind",
    "tasks": """
        subject project tracker status priority assignee parent description start due estimate done_percent
        closed_at accounts primary_account contacts watchers
    """,
    "brands": "name is_active",
    "product-versions": "name position is_active",
    "product-categories": """
        key name contract_type is_time_based default_length_months delivery position is_default is_active
    """,
    "units": "key name position is_default is_active",
    "tax-rates": "key name percent position is_default is_active",
    "price-books": """
        name description brands product_versions projects is_active open_to_partners is_update update_of
        required_quote_fields
    """,
    "products": "name code category description is_active default_unit tax_rate cost minimum_margin successor",
    "bundles": "name code price_book description is_active own_price default_unit tax_rate",
    "bundle-items": "bundle product amount weight position label",
    "prices": "price_book product bundle amount unit price recurrence brand product_version valid_from valid_to label",
    "campaigns": """
        name status project owner kind parent start end is_archived planned_budget costs expected_revenue
        target_audience description
    """,
    "activities": """
        category subject start end all_day place text assignee participants contacts done done_at outcome
        next_step lead opportunity account contact partner project
    """,
    "leads": """
        subject status priority colour assignee partner project value description first_name last_name job_title
        company email phone website street city postcode region country account contact industry
        registration_number vat_number source channel campaign utm_source utm_medium utm_campaign utm_term
        utm_content consent_at consent stage received_at assigned_at touched_at qualified_at split_at
        awaits_split disqualification_reason is_archived name next_activity
    """,
    "pipelines": "key name projects position is_default is_active",
    "opportunity-statuses": """
        key name pipeline kind probability colour stale_days required_fields position is_default is_active
    """,
    "opportunities": """
        name number status pipeline opportunity_type project account further_accounts main_contact value
        value_by_hand probability weighted_value expected_close_date next_action_date forecast_category
        key_prospect assignee further_members partner campaign origin_lead need competitor loss_reason tags
        description tasks is_locked sold_at status_since next_activity attention
    """,
    "business-roles": "opportunity contact role description label",
    "quotes": """
        name number opportunity price_book brand product_version currency state is_active start due valid_until
        contract_start language terms payment_terms note one_off monthly quarterly yearly value tax grand_total
        revision_of revision_number
    """,
    "quote-items": """
        rounds quote position kind product bundle category name description amount unit unit_price list_price
        discount_percent discount_amount tax_percent recurrence term_months step is_optional is_taken total
        value price_origin
    """,
    "templates": "name description language is_active",
    "contracts": """
        name number type status account opportunity quote item product amount unit price value recurrence
        billing_schedule start end term_months notice_period_months renewal delivered_on sold_on cancelled_on
        cancel_reason price_book brand product_version amendment project responsible partner
    """,
    "intake-sources": """
        name is_active key hmac_secret allowed_web_origins default_project default_campaign default_status
        default_assignee field_mapping consent_text
    """,
    "intakes": "source state reason lead position data name",
    "splitter-filters": """
        name is_active position conditions shares sets_priority sets_status sets_campaign sets_project
        prefers_owner goes_on
    """,
}


def test_every_type_has_its_names_here():
    """A new type joins the table, so that its names are promised too."""
    assert set(PROMISED) == set(registry.keys()) - FAKES


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(PROMISED))
def test_the_names_that_are_promised_stay(key):
    """docs/api.md: “names are the spec's words in snake_case”; they are what others build upon."""
    names = {name for name, field in fields_of(registry.get(key)).items() if not field.is_custom}
    promised = COMMON | set(PROMISED[key].split())
    assert promised - names == set(), "these names were promised; they can't be renamed or dropped"
    assert names - promised == set(), "these fields are new: add their names to the table, they are for good"
