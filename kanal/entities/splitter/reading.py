"""The splitter on pages: a filter's shares with their deviation, a lead's receipts."""

from typing import Any

from kanal.core import registry
from kanal.core.access import FieldContext
from kanal.core.models import Progress
from kanal.core.query import FilterContext, QueryError, parse
from kanal.entities.splitter import rules
from kanal.entities.splitter.actions import candidate_of
from kanal.entities.splitter.availability import Availability
from kanal.entities.splitter.models import Receipt, Share, SplitterFilter
from kanal.web.lists import filter_text


def of_filter(row: SplitterFilter, user: Any = None) -> dict[str, Any]:
    """Return each share's percentage, its count in this epoch, and its deficit.

    Shares are omitted if the field is hidden from the reader (ACC-6).
    """
    if user is not None and "shares" not in FieldContext(user, registry.get("splitter-filters")).readable:
        return {"shares": [], "runs": runs_of(row)}
    shares = list(Share.objects.filter(filter=row).select_related("user", "partner").order_by("position", "id"))
    away = Availability(shares).reasons()
    state = [candidate_of(share, away.get(share.key, "")) for share in shares]
    parts, behind = rules.of_hundred({candidate.key: candidate.weight for candidate in state}), rules.deficits(state)
    return {
        "shares": [
            {
                "name": str(share.holder), "percent": share.weight / 100, "of_hundred": parts[share.key],
                "got": share.got, "got_ever": share.got_ever, "deviation": behind.get(share.key),
                "passed_over": candidate.passed_over,
            }
            for share, candidate in zip(shares, state, strict=True)
        ],
        "runs": runs_of(row),
    }  # fmt: skip


def runs_of(row: SplitterFilter) -> list[dict[str, Any]]:
    """Return the newest runs of "Execute" with their progress."""
    runs = Progress.objects.filter(result__filter=row.pk)[:3]
    return [
        {
            "progress": run,
            "percent": 100 * run.done // run.total if run.total else 0 if run.finished_at is None else 100,
        }
        for run in runs
    ]


def of_lead(lead: Any, user: Any = None) -> dict[str, Any]:
    """Return a lead's receipts, newest first (SPLIT-5). Empty for partner users, since they name others."""
    if user is not None and user.is_external:
        return {"receipts": []}
    rows = list(Receipt.objects.filter(lead=lead).select_related("user", "partner", "by")[:20])
    return {"receipts": [{"row": row, "words": condition_words(row.condition, user)} for row in rows]}


def condition_words(text: str, user: Any) -> str:
    """Return the conditions in a receipt as a sentence. Text that older filters left is returned unchanged."""
    try:
        return filter_text.sentence_of(parse(text), registry.get("leads"), FilterContext(user)) if text else ""
    except QueryError:
        return text
