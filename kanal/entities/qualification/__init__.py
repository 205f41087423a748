"""Qualification: a lead becomes opportunity, account and personal contact."""
