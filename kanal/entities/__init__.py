"""The business domain: one package per record type."""
