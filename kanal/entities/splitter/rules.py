"""Which share gets the next lead: pure decisions, no database and no request (SPLIT-1, 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from kanal.kit.money import share

HUNDREDTHS = Decimal("0.01")
MOST_SHARES = 200
MOST_CARRYING = 40
MOST_CARRIED = Fraction(5)


@dataclass(frozen=True)
class Candidate:
    """A share as it stands before a lead is given: its weight (hundredths of a percent) and what it has got so far.

    `carried` is by how much it was behind when earlier epochs ended: of equals the one furthest behind comes first.
    `passed_over` says why it can't get a lead now; such a share is spread over the others in proportion (SPLIT-4).
    """

    key: str
    weight: int
    got: int = 0
    passed_over: str = ""
    carried: Fraction = Fraction(0)


def next_share(candidates: Sequence[Candidate]) -> Candidate | None:
    """Choose who gets the next lead: among those still under their quota the one with the earliest deadline (SPLIT-3).

    With n leads given, the next one included, a share of weight w of W is under quota while it has got fewer than
    n·w/W; its deadline is the lead by which it must have got one more, (got + 1)·W/w. Every share then has its part
    of n to within one lead after every n. What earlier epochs left behind brings a deadline forward, as far as every
    share can still keep its own.
    """
    able = [candidate for candidate in candidates if not candidate.passed_over and candidate.weight > 0]
    total = sum(candidate.weight for candidate in able)
    count = sum(candidate.got for candidate in able) + 1
    under = sorted(
        (candidate for candidate in able if candidate.got * total < count * candidate.weight),
        key=lambda candidate: Fraction(candidate.got + 1, candidate.weight),
    )
    if not any(candidate.carried for candidate in under) or len(able) > MOST_CARRYING:
        return under[0] if under else None
    by_turn = sorted(under, key=lambda candidate: (candidate.got + 1 - candidate.carried) / candidate.weight)
    return next((candidate for candidate in by_turn if keeps_deadlines(able, candidate)), under[0] if under else None)


def keeps_deadlines(able: Sequence[Candidate], chosen: Candidate) -> bool:
    """Return whether every share can still get its part in time after `chosen` gets the next lead."""
    total = sum(candidate.weight for candidate in able)
    count = sum(candidate.got for candidate in able) + 1
    for number in range(count, count + 4 * (len(able) + 1)):
        due = sum(
            max(0, number * candidate.weight // total - candidate.got - (candidate is chosen)) for candidate in able
        )
        if due > number - count:
            return False
    return True


def carried_on(candidates: Sequence[Candidate], ended: str) -> dict[str, Fraction]:
    """Return by how much each share is behind when an epoch ends; `ended` is its signature.

    Who did not take part in it keeps what was carried before: they go on where they stopped.
    """
    weights = {key: int(weight) for key, _mark, weight in (part.rpartition("=") for part in ended.split(";") if part)}
    took_part = [candidate for candidate in candidates if candidate.key in weights]
    total, count = sum(weights.values()), sum(candidate.got for candidate in took_part)
    left = {candidate.key: candidate.carried for candidate in candidates}
    for candidate in took_part:
        behind = candidate.carried + Fraction(count * weights[candidate.key], total) - candidate.got
        left[candidate.key] = max(-MOST_CARRIED, min(MOST_CARRIED, behind))
    return left


def deficits(candidates: Sequence[Candidate]) -> dict[str, Decimal]:
    """Return by how many leads each able share is behind (or, below zero, ahead of) its part of the leads given."""
    able = [candidate for candidate in candidates if not candidate.passed_over and candidate.weight > 0]
    total = sum(candidate.weight for candidate in able)
    count = sum(candidate.got for candidate in able)
    return {
        candidate.key: (Decimal(count * candidate.weight) / total - candidate.got).quantize(Decimal("0.001"))
        for candidate in able
    }


def signature(candidates: Sequence[Candidate]) -> str:
    """Name the epoch in which the promise of SPLIT-3 holds: who takes part, with what weight."""
    return ";".join(
        sorted(f"{candidate.key}={candidate.weight}" for candidate in candidates if not candidate.passed_over)
    )


def of_hundred(weights: Mapping[str, int]) -> dict[str, Decimal]:
    """Return what each share comes to of 100, exactly 100.00 together, since shares are proportions (SPLIT-1)."""
    if not sum(weights.values()):
        return dict.fromkeys(weights, Decimal(0))
    return dict(zip(weights, share(Decimal(100), list(weights.values())), strict=True))


@dataclass(frozen=True)
class ShareSpec:
    """A share as it is entered: a user or a partner, and percent."""

    kind: str
    id: int
    percent: Decimal

    @property
    def key(self) -> str:
        """Name whose share it is."""
        return f"{self.kind}:{self.id}"

    @property
    def weight(self) -> int:
        """Return the percentage in hundredths, exactly."""
        return int(self.percent * 100)


def read_shares(raw: Any) -> list[ShareSpec]:
    """Read [{"user": 7, "percent": "33.33"}, {"partner": 3, …}]; raise ValueError with the reason."""
    if not isinstance(raw, list):
        raise ValueError(_("Shares are given as a list."))
    if len(raw) > MOST_SHARES:
        raise ValueError(_("At most %(limit)s shares are allowed.") % {"limit": MOST_SHARES})
    specs = [read_share(entry) for entry in raw]
    if len({spec.key for spec in specs}) < len(specs):
        raise ValueError(_("A user or partner can have only one share."))
    return specs


def replace_holder(kind: str, shares: list[dict[str, Any]], old: int, new: int) -> list[dict[str, Any]]:
    """Return the shares with one holder in the place of another; of two shares of one holder the sum stays."""
    replaced: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in shares:
        moved = {**entry, kind: new} if entry.get(kind) == old else entry
        key = next((name, moved[name]) for name in ("user", "partner") if moved.get(name) is not None)
        if key in replaced:
            moved = {**moved, "percent": str(Decimal(str(replaced[key]["percent"])) + Decimal(str(moved["percent"])))}
        replaced[key] = moved
    return list(replaced.values())


def read_share(raw: Any) -> ShareSpec:
    """Read one share; raise ValueError with the reason."""
    if not isinstance(raw, dict) or set(raw) - {"user", "partner", "percent"}:
        raise ValueError(_("A share needs a user or a partner, and a percentage."))
    kinds = [kind for kind in ("user", "partner") if raw.get(kind) not in (None, "")]
    if len(kinds) != 1:
        raise ValueError(_("A share belongs to a user or to a partner."))
    try:
        percent = Decimal(str(raw.get("percent", "")).replace(",", "."))
        number = int(str(raw[kinds[0]]))
        if isinstance(raw[kinds[0]], bool) or not percent.is_finite() or not 0 < number < 2**63:
            raise InvalidOperation
    except (InvalidOperation, ValueError):
        raise ValueError(_("A share needs a user or a partner, and a percentage.")) from None
    if not HUNDREDTHS <= percent <= 100 or percent != percent.quantize(HUNDREDTHS):
        raise ValueError(_("A share must be between 0.01 and 100 percent, with at most two decimals."))
    return ShareSpec(kinds[0], number, percent)


def serialize_shares(shares: Sequence[ShareSpec]) -> list[dict[str, Any]]:
    """Write shares in the one form in which they are stored."""
    return [{spec.kind: spec.id, "percent": str(spec.percent.quantize(HUNDREDTHS))} for spec in shares]
