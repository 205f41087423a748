"""Sizes of data sets: the named ones that budgets are measured on, and plans of row counts."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Plan:
    """The number of rows per table, and of custom fields per type."""

    users: int = 0
    accounts: int = 0
    contacts: int = 0
    leads: int = 0
    opportunities: int = 0
    activities: int = 0
    quotes: int = 0
    contracts: int = 0
    prices: int = 0
    custom_fields: int = 20

    def times(self, factor: int) -> "Plan":
        """Return a plan with the record counts multiplied. Users and custom fields stay the same."""
        tables = ("accounts", "contacts", "leads", "opportunities", "activities", "quotes", "contracts")
        return replace(self, **{name: getattr(self, name) * factor for name in tables})


LARGE = Plan(
    users=200, accounts=100_000, contacts=100_000, leads=200_000, opportunities=200_000, activities=500_000,
    quotes=20_000, contracts=20_000, prices=5_000,
)  # fmt: skip
SIZES = {"large": LARGE, "huge": LARGE.times(5)}
