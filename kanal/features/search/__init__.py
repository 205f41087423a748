"""Search over all types: an index updated with each change, matched by prefix, number and similarity (SRCH-1, 2)."""
