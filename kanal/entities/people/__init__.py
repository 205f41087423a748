"""Users, groups, user types, roles, the organization chart and API tokens."""
