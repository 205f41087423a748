"""How users see and enter values: a presenter for each field type of `kanal.core.fields`.

Importing the modules registers their presenters.
"""

from kanal.web.fieldtypes import choices, numbers, relations, structures, texts, times  # noqa: F401
from kanal.web.fieldtypes.entry import Entry
from kanal.web.fieldtypes.fact import Fact, Link
from kanal.web.fieldtypes.presenter import PRESENTERS, Presenter, Write, presenter_of, presents

__all__ = ["PRESENTERS", "Entry", "Fact", "Link", "Presenter", "Write", "presenter_of", "presents"]
