"""Users, groups, user types, roles, and the organization chart."""
