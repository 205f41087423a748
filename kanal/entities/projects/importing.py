"""Import profile of projects."""

from kanal.features.importing.profiles import ImportProfile, register_profile

register_profile("projects", ImportProfile(also_named_by=("identifier",), name_field="name"))
