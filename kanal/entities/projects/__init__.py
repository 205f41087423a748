"""Projects, their tree, members and modules."""
