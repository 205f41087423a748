"""Accounts: the customers, their groups and relations to each other."""
