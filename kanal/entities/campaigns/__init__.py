"""Campaigns: sources of leads, with costs and expected revenue."""
