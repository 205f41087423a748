"""Personal data: its definition, and erasure of a person from all records (LEAD-8, CONT-3, HIST-3)."""

from kanal.core.privacy.forgetting import PERSONAL_CUSTOM, forget_person
from kanal.core.privacy.person import Forgotten

__all__ = ["PERSONAL_CUSTOM", "Forgotten", "forget_person"]
