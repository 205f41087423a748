"""Import profile of contacts."""

from kanal.features.importing.presets import PERSON, PLACE
from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = f"""
{PERSON}{PLACE}
account | Associated Company|Company|Company Name|Account Name|Organization|Organization name
account | Person - Organization|Firma|Parent Customer|Company Name (Parent Customer)
description | Notes|Notizen|Contact Description|Note|Comment
language | Preferred language
"""

register_profile("contacts", ImportProfile(heads=HEADS))
