"""Personal contacts: people at accounts and partners."""
