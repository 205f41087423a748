"""Utilities without models: money, dates, text, phone numbers, documents, errors."""
