"""Tasks and tickets: work in projects, with the accounts that it is for."""
