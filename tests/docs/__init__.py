"""Tests of the documents: the how-tos are carried out, and what they name is there."""
