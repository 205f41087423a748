"""The job worker of `kanal worker`: procrastinate with a direct connection to PostgreSQL."""

import os
import time
from contextlib import suppress
from typing import cast

from kanal.config import env

GRACE_SECONDS = 20
FOLLOW_THE_DAY = ("contracts.keep_states", "core.renew_conversions_hourly")


def catch_up_with_the_day() -> None:
    """Queue the daily updates, once for all workers: a day may have passed while none was running (CON-5, QUOTE-6)."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    for name in FOLLOW_THE_DAY:
        with suppress(AlreadyEnqueued):
            app.configure_task(name, queueing_lock=name).defer(timestamp=int(time.time()))


def run_worker() -> int:
    """Process jobs until a stop signal. Running jobs get a grace period."""
    environment = env.read_environment()
    if environment.direct_database_url:
        env.use_database(environment.direct_database_url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from kanal.core.jobs import in_context, noting_failures
    from kanal.core.observability.jobs import around
    from kanal.core.outbox.waker import start_waker

    catch_up_with_the_day()
    start_waker()
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:
        working.run_worker(
            name="kanal",
            concurrency=environment.jobs,
            task_middleware=[*(app.worker_defaults.get("task_middleware") or []), around, noting_failures, in_context],
            shutdown_graceful_timeout=GRACE_SECONDS,
            fetch_job_polling_interval=1.0,
        )
    return 0
