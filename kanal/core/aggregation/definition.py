"""The definition of an aggregation: measures of the records in a list query, grouped by dimensions."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext as _

from kanal.core.listing.query import ListQuery
from kanal.core.query import QueryError
from kanal.kit import dates

Function = Literal["count", "sum", "average", "minimum", "maximum", "distinct", "ratio", "weighted"]
FUNCTIONS: tuple[Function, ...] = get_args(Function)
WITHOUT_FIELD = ("count",)
WITH_TWO_FIELDS = ("ratio", "weighted")
MOST_DIMENSIONS = 2


@dataclass(frozen=True)
class Measure:
    """One figure of a group of records. Empty values don't count.

    - `count`: the number of records.
    - `sum`, `average`, `minimum`, `maximum`: of `field`, which contains numbers or money. Percentages have no sum.
    - `distinct`: the number of distinct values of `field`, for moments the number of distinct days.
    - `ratio`: the sum of `field` divided by the sum of `by`, none if the latter is zero.
    - `weighted`: the sum of `field` times `by`, a number of the same record. Percentages are divided by 100.

    Raise QueryError for an unknown function and for a missing or superfluous field.
    """

    function: Function = "count"
    field: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        """Check the number of fields."""
        fields = 0 if self.function in WITHOUT_FIELD else 2 if self.function in WITH_TWO_FIELDS else 1
        if self.function not in FUNCTIONS or (bool(self.field), bool(self.by)) != (fields > 0, fields > 1):
            raise QueryError(_("This can't be measured."), self.field)


@dataclass(frozen=True)
class Dimension:
    """A grouping of records: by a field, own or one relation away, or by the period of a date.

    `bucket` is a unit of `kit.dates.UNITS`. A group's key is then the first day of the period. Days and periods are
    in the reader's time zone. Moments without a bucket are grouped by day. `only` limits the groups to these
    keys (see `group_key`), empty for all groups. Raise QueryError for an unknown bucket.
    """

    field: str
    bucket: str = ""
    only: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        """Check the bucket."""
        if self.bucket and self.bucket not in dates.UNITS:
            raise QueryError(_("There is no period named “%(name)s”.") % {"name": self.bucket[:40]}, self.field)


@dataclass(frozen=True)
class Aggregation:
    """Measures of the records of `query` (its filter, quick search, project, period and reader), by dimensions.

    Raise QueryError for more than two dimensions.
    """

    query: ListQuery
    measures: tuple[Measure, ...] = ()
    dimensions: tuple[Dimension, ...] = ()

    def __post_init__(self) -> None:
        """Check the number of dimensions."""
        if len(self.dimensions) > MOST_DIMENSIONS:
            raise QueryError(_("Records can be grouped by at most %(most)s fields.") % {"most": MOST_DIMENSIONS})
