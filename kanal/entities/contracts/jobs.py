"""Periodic jobs for contracts."""

from django.utils.translation import gettext_lazy as _

from kanal.core.context import Context
from kanal.core.jobs import periodic
from kanal.entities.contracts.states import keep_states


@periodic("contracts.keep_states", cron="5 * * * *", label=_("States of contracts"))
def keep_contract_states(timestamp: int) -> None:
    """Apply due amendments and update states from dates, at most an hour after midnight (CON-5)."""
    keep_states(Context.company().day)
