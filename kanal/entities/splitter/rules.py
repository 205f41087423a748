"""Selection of the share for the next lead: pure functions, no database or request (SPLIT-1, 3)."""

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
    """A share before a lead is assigned: its weight (hundredths of a percent) and count.

    `carried` is its deficit at the end of earlier epochs: of equal shares the one furthest behind comes first.
    `passed_over` is why it can't get a lead now. Such a share is divided among the others in proportion (SPLIT-4).
    """

    key: str
    weight: int
    got: int = 0
    passed_over: str = ""
    carried: Fraction = Fraction(0)


def next_share(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the share for the next lead: of those under quota the one with the earliest deadline (SPLIT-3).

    With n leads assigned, including the next one, a share of weight w of W is under quota while it has fewer than
    n·w/W. Its deadline is the lead by which it must have one more, (got + 1)·W/w. Every share then has its part of n
    to within one lead after every n. A deficit from earlier epochs brings a deadline forward, as long as every share
    can still meet its own.
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
    """Return whether every share can still get its part in time if `chosen` gets the next lead."""
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
    """Return the deficit of each share at the end of an epoch. `ended` is its signature.

    Shares that didn't participate keep their previous deficit and continue from there.
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
    """Return by how many leads each available share is behind its part of the assigned leads (ahead if negative)."""
    able = [candidate for candidate in candidates if not candidate.passed_over and candidate.weight > 0]
    total = sum(candidate.weight for candidate in able)
    count = sum(candidate.got for candidate in able)
    return {
        candidate.key: (Decimal(count * candidate.weight) / total - candidate.got).quantize(Decimal("0.001"))
        for candidate in able
    }


def signature(candidates: Sequence[Candidate]) -> str:
    """Return the signature of the epoch in which SPLIT-3 is guaranteed: participants and weights."""
    return ";".join(
        sorted(f"{candidate.key}={candidate.weight}" for candidate in candidates if not candidate.passed_over)
    )


def of_hundred(weights: Mapping[str, int]) -> dict[str, Decimal]:
    """Return the percentage of each share, exactly 100.00 in total, since shares are proportions (SPLIT-1)."""
    if not sum(weights.values()):
        return dict.fromkeys(weights, Decimal(0))
    return dict(zip(weights, share(Decimal(100), list(weights.values())), strict=True))


@dataclass(frozen=True)
class ShareSpec:
    """A share as entered: a user or partner, and a percentage."""

    kind: str
    id: int
    percent: Decimal

    @property
    def key(self) -> str:
        """Return the key of the share's holder."""
        return f"{self.kind}:{self.id}"

    @property
    def weight(self) -> int:
        """Return the exact percentage in hundredths."""
        return int(self.percent * 100)


def read_shares(raw: Any) -> list[ShareSpec]:
    """Parse [{"user": 7, "percent": "33.33"}, {"partner": 3, …}]. Raise ValueError with the reason."""
    if not isinstance(raw, list):
        raise ValueError(_("Shares are given as a list."))
    if len(raw) > MOST_SHARES:
        raise ValueError(_("At most %(limit)s shares are allowed.") % {"limit": MOST_SHARES})
    specs = [read_share(entry) for entry in raw]
    if len({spec.key for spec in specs}) < len(specs):
        raise ValueError(_("A user or partner can have only one share."))
    return specs


def replace_holder(kind: str, shares: list[dict[str, Any]], old: int, new: int) -> list[dict[str, Any]]:
    """Return the shares with a holder replaced by another. Two shares of one holder are added up."""
    replaced: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in shares:
        moved = {**entry, kind: new} if entry.get(kind) == old else entry
        key = next((name, moved[name]) for name in ("user", "partner") if moved.get(name) is not None)
        if key in replaced:
            moved = {**moved, "percent": str(Decimal(str(replaced[key]["percent"])) + Decimal(str(moved["percent"])))}
        replaced[key] = moved
    return list(replaced.values())


def read_share(raw: Any) -> ShareSpec:
    """Parse a share. Raise ValueError with the reason."""
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
    """Return shares in their stored form."""
    return [{spec.kind: spec.id, "percent": str(spec.percent.quantize(HUNDREDTHS))} for spec in shares]
