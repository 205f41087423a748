"""Keys of the record types used by the access rules. The core knows no other type by its key."""

USERS, PARTNERS, PROJECTS = "users", "partners", "projects"
