"""Import profile of leads."""

from kanal.features.importing.presets import PERSON, PLACE
from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = f"""
{PERSON}{PLACE}
subject | Lead Title|Lead - Title|Topic|Opportunity|Title
company | Company|Company Name|Company / Account|Associated Company|Organization|Organization - Name
company | Account Name|Firma
assignee | Lead Owner|Contact owner|Owner|Lead - Owner|Salesperson
source | Lead Source|Original Source|Source|Lead - Source
status | Lead Status|Status Reason
value | Annual Revenue|Value|Lead - Value|Expected Revenue|Est. Value|Estimated Value|Est. Revenue
description | Description|Notes|Message|Lead - Note
"""

register_profile("leads", ImportProfile(heads=HEADS))
