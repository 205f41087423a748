"""Personal data: what counts as such, and how a person is forgotten wherever they stand (LEAD-8, CONT-3, HIST-3)."""

from kanal.core.privacy.forgetting import PERSONAL_CUSTOM, forget_person
from kanal.core.privacy.person import Forgotten

__all__ = ["PERSONAL_CUSTOM", "Forgotten", "forget_person"]
