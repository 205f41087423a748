"""The REST interface of every record type."""
