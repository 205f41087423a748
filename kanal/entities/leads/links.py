"""Quick lists and other links on the leads' overview page (LEAD-3)."""

from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

OPEN = "stage:any(new,touched);is_archived:is(no)"
QUICK = (
    (_("Open"), OPEN),
    (_("Untouched"), "stage:any(new);is_archived:is(no)"),
    (_("Inbound"), f"{OPEN};channel:any(inbound,web_form)"),
    (_("Call"), f"{OPEN};channel:any(call)"),
    (_("Mine"), f"{OPEN};assignee:any(me)"),
    (_("Overdue"), "stage:any(new);is_archived:is(no);assignee:set;received_at:older(2,days)"),
    (_("Free pool"), f"{OPEN};assignee:empty;partner:empty;awaits_split:is(no)"),
    (_("Unprocessed leads"), f"{OPEN};split_at:empty;assignee:empty;partner:empty"),
)


def quick_lists() -> list[dict[str, object]]:
    """Return the quick lists with their URLs."""
    return [{"label": label, "url": f"/crm/leads/data/?{urlencode({'filter': text})}"} for label, text in QUICK]
