"""Leads: potential customers, from arrival until they're qualified or disqualified."""
