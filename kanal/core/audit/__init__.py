"""The audit log (ACC-10): explicit entries, tables watched by triggers, and reading entries."""

from kanal.core.audit.log import Kind, entries, note
from kanal.core.audit.watched import Watched, install_all, mute, watch, watched

__all__ = ["Kind", "Watched", "entries", "install_all", "mute", "note", "watch", "watched"]
