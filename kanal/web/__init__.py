"""The pages of every record type."""
