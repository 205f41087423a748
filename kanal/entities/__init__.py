"""The business: one room per record type."""
