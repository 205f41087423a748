"""The records of an export: the list's query, the columns of the file, and the pages as they are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kanal.core.listing import Column, ListQuery, Page, stream
from kanal.kit.errors import Withdrawn


def go_on(done: int) -> bool:
    """Return True: nobody follows the export, so nobody stops it."""
    return True


@dataclass
class ExportRows:
    """The records that a format writes: those of `query`, with the `columns` that its reader may see.

    `step` receives the number of records read so far after each page and returns whether to continue.
    """

    query: ListQuery
    columns: list[Column]
    step: Callable[[int], bool] = go_on

    def pages(self, columns: list[Column] | None = None) -> Iterator[Page]:
        """Yield the pages with these columns, by default those of the file. Raise Withdrawn if it was cancelled."""
        done = 0
        for page in stream(self.query, self.columns if columns is None else columns):
            yield page
            done += len(page.rows)
            if not self.step(done):
                raise Withdrawn(_("This export was cancelled."))
