"""Features that any record can have. Each is independent of the others."""
