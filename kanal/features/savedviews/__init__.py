"""What comes of a saved filter by mail: its view on a schedule, and notices when a record enters or leaves it."""
