"""Kills what serves Kanal while clients work, and looks afterwards whether anything was lost or done twice (REL-1)."""
