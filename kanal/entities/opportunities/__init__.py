"""Opportunities, their pipelines and the people involved."""
