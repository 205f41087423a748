"""Parsing of external text: each function takes its context explicitly, and never guesses silently."""
