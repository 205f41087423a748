"""Two or more at once, on real connections: nothing is lost, nothing is done twice (REL-2)."""
