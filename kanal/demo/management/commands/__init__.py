"""Management commands for demo data."""
