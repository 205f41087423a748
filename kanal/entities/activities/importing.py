"""Import profile of activities."""

from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = """
subject | Subject|Activity - Subject
start | Start Date|Due date|Activity - Due date|Date
text | Comments|Description|Note|Activity - Note
assignee | Assigned|Assigned To|Owner|Activity - Assigned to user
account | Company / Account|Organization|Associated Company
contact | Name|Contact person
"""

register_profile("activities", ImportProfile(heads=HEADS))
