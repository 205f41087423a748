"""Tests of the whole; those of one room stand in the room."""
