"""Import profile of opportunities."""

from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = """
name | Deal Name|Opportunity Name|Deal - Title|Opportunity|Topic|Title
account | Associated Company|Associated Company (Primary)|Account Name|Account|Deal - Organization|Organization
account | Customer|Company Name|Potential Customer
status | Deal Stage|Stage|Deal - Stage|Sales Stage|Status Reason
assignee | Deal owner|Opportunity Owner|Owner|Deal - Owner|Salesperson
value | Amount|Deal - Value|Value|Expected Revenue|Est. Revenue|Estimated Revenue
value.currency | Currency|Amount Currency|Deal - Currency of Value|Currency Code
expected_close_date | Expected Closing|Est. Close Date|Estimated Close Date
expected_close_date | Close Date|Closing Date|Deal - Expected close date|Expected close date
probability | Probability (%)|Deal probability|Deal - Probability
pipeline | Pipeline|Deal - Pipeline
opportunity_type | Type|Deal Type|Opportunity Type
description | Deal Description|Description
main_contact | Associated Contact|Primary Contact|Contact Name|Deal - Contact person|Contact person
campaign | Primary Campaign Source|Campaign
"""

register_profile("opportunities", ImportProfile(heads=HEADS))
