"""The API's clean-up job: deletes stored responses after a day, and request counts after their minute."""

from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import periodic


@periodic("api.clean_up", cron="17 * * * *", label=_("Outdated API data"))
def clean_up(timestamp: int) -> None:
    """Delete outdated data (API-2)."""
    from kanal.api import idempotency, rate_limiting

    idempotency.drop_old()
    rate_limiting.drop_old()
