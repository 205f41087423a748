"""The API's job: answers kept for repeats go after a day, counts of requests after their minute."""

from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import periodic


@periodic("api.clean_up", cron="17 * * * *", label=_("Outdated API data"))
def clean_up(timestamp: int) -> None:
    """Drop what is outdated (API-2)."""
    from kanal.api import idempotency, rate_limiting

    idempotency.drop_old()
    rate_limiting.drop_old()
