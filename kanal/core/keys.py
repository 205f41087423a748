"""Keys of the record types that the access rules are about; the core knows no other type by its key."""

USERS, PARTNERS, PROJECTS = "users", "partners", "projects"
