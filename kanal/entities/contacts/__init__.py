"""Personal contacts: the people of accounts and partners."""
