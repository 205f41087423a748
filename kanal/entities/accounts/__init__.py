"""Accounts: customers, their groups and their relations to each other."""
