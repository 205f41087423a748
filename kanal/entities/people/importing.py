"""Import profile of users."""

from kanal.features.importing.profiles import ImportProfile, register_profile

register_profile("users", ImportProfile(also_named_by=("email", "username")))
