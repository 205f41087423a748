"""Search over all types: entries kept with each change, found by beginnings, numbers and likeness (SRCH-1, 2)."""
