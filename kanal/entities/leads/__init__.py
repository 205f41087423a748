"""Leads: people who may buy, from their arrival until they are qualified or disqualified."""
