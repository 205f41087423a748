"""Periodic work on contracts."""

from procrastinate.contrib.django import app

from kanal.core.context import Context
from kanal.entities.contracts.states import keep_states


@app.periodic(cron="5 * * * *")
@app.task(name="contracts.keep_states", queueing_lock="contracts.keep_states")
def keep_contract_states(timestamp: int) -> None:
    """Apply amendments whose day has come, and let states follow the dates, at most an hour after midnight (CON-5)."""
    keep_states(Context.company().day)
