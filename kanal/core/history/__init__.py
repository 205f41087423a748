"""The history of records: written by triggers (triggers.py), read with reading.py."""

from kanal.core.history.reading import Entry, actor_names, entries_of
from kanal.core.history.triggers import install_all

__all__ = ["Entry", "actor_names", "entries_of", "install_all"]
