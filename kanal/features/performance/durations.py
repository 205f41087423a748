"""Durations as histograms with fixed buckets, which can be added across processes and hours."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

LIMITS = (
    0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7,
    1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 60.0, 300.0,
)  # fmt: skip


def bucket_index(seconds: float) -> int:
    """Return the bucket of a duration."""
    return bisect_left(LIMITS, seconds)


def added(rows: Iterable[Sequence[int]]) -> list[int]:
    """Add histograms by bucket."""
    return [sum(column) for column in zip(*rows, strict=True)] or [0] * (len(LIMITS) + 1)


def quantile(counts: Sequence[int], share: float) -> float:
    """Return the duration in seconds of a quantile, interpolated linearly within a bucket."""
    wanted, passed = share * sum(counts), 0
    for place, count in enumerate(counts):
        if count and passed + count >= wanted:
            lower = LIMITS[place - 1] if place else 0.0
            upper = LIMITS[min(place, len(LIMITS) - 1)]
            return lower + (upper - lower) * max(wanted - passed, 0) / count
        passed += count
    return 0.0
