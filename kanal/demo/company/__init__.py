"""The demo company (INIT-3): a fictitious vendor of business software with two years of history in several regions."""
