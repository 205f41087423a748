"""The intake on pages: the steps of a lead's posts, with the names that the reader may see."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import access, registry
from kanal.entities.intake.models import Intake

REASONS = {
    "email": _("by e-mail"), "phone": _("by phone"), "registration_number": _("by registration number"),
    "vat_number": _("by VAT number"), "domain": _("by the company's domain"), "name": _("by name and city"),
}  # fmt: skip

STEPS = ("received", "normalized", "identified", "split")


def percent(score: float | None) -> int | None:
    """Return a score as an integer percentage."""
    return None if score is None else round(score * 100)


def of_lead(lead: Any, user: Any) -> dict[str, Any]:
    """Return a lead's intake entries, newest first, each with its steps (INTAKE-3). Empty for partner users."""
    if user.is_external:
        return {"intakes": []}
    rows = list(Intake.objects.filter(lead=lead).select_related("source").order_by("-id")[:20])
    wanted: dict[str, set[int]] = {"contacts": set(), "accounts": set()}
    for row in rows:
        for fact in row.steps:
            wanted["contacts"].add(fact.get("contact") or 0)
            wanted["accounts"].add(fact.get("account") or 0)
            for suggestion in fact.get("suggestions", ()):
                wanted[suggestion["entity"]].add(suggestion["id"])
    names = {key: access.display_names(user, registry.get(key), ids) for key, ids in wanted.items()}
    return {
        "intakes": [
            {"row": row, "steps": [resolve_names(fact, names) for fact in row.steps if fact["step"] in STEPS]}
            for row in rows
        ]
    }


def resolve_names(fact: dict[str, Any], names: dict[str, dict[int, str]]) -> dict[str, Any]:
    """Replace the records of a step by their names. Hidden ones are omitted."""
    links = [
        {"label": key, "name": names[f"{key}s"][fact[key]], "url": registry.get(f"{key}s").url(fact[key]),
         "reason": REASONS.get(fact.get("reasons", {}).get(key, ""), ""),
         "percent": percent(fact.get("scores", {}).get(key))}
        for key in ("contact", "account") if fact.get(key) in names[f"{key}s"]
    ]  # fmt: skip
    suggested = []
    for suggestion in fact.get("suggestions", ()):
        if name := names[suggestion["entity"]].get(suggestion["id"]):
            url = registry.get(suggestion["entity"]).url(suggestion["id"])
            facts = {
                "reason": REASONS[suggestion["reason"]],
                "name": name,
                "url": url,
                "percent": percent(suggestion["score"]),
            }
            suggested.append({**suggestion, **facts})
    return {**fact, "found": links, "suggestions": suggested}
