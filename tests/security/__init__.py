"""Attacks from outside and what keeps them off (SEC-2, SEC-3)."""
