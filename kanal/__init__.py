"""Kanal, a CRM for companies that sell through their own team and a network of partners."""

__version__ = "0.1.0"
