"""Qualification: convert a lead to an opportunity, account and personal contact."""
