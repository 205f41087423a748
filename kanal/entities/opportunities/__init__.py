"""Opportunities, their pipelines and the people who play a part in them."""
