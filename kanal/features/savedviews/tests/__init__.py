"""Tests of saved views by mail."""
