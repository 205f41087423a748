"""Two record types that exist only in tests: between them they have every kind of field (engine tests)."""
