"""Import profile of tasks."""

from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = """
subject | Task|Title|Task name
due | Due Date|Deadline
start | Start Date
assignee | Assigned To|Owner
description | Notes|Comments|Body
"""

register_profile("tasks", ImportProfile(heads=HEADS))
