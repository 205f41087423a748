"""Periodic work on contracts."""

from django.utils.translation import gettext_lazy as _

from kanal.core.context import Context
from kanal.core.jobs import periodic
from kanal.entities.contracts.states import keep_states


@periodic("contracts.keep_states", cron="5 * * * *", label=_("States of contracts"))
def keep_contract_states(timestamp: int) -> None:
    """Apply amendments whose day has come, and let states follow the dates, at most an hour after midnight (CON-5)."""
    keep_states(Context.company().day)
