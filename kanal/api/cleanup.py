"""The API's job: answers kept for repeats go after a day, counts of requests after their minute."""

from procrastinate.contrib.django import app


@app.periodic(cron="17 * * * *")
@app.task(name="api.clean_up", queueing_lock="api.clean_up")
def clean_up(timestamp: int) -> None:
    """Drop what is outdated (API-2)."""
    from kanal.api import idempotency, rate_limiting

    idempotency.drop_old()
    rate_limiting.drop_old()
