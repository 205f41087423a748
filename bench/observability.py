"""The overhead of tracing, logging and metrics per request: `python -m bench.observability`. Needs no database."""

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

REQUESTS = 5000
STATEMENTS = 12


def main() -> None:
    """Print the cost of a request with and without observability."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
    os.environ.setdefault("KANAL_SECRET_KEY", "only for measuring, signs nothing")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        bare, observed = measure()
    print(f"bare {bare:.1f} µs, seen {observed:.1f} µs: {observed - bare:.1f} µs more for {STATEMENTS} statements")


def measure() -> tuple[float, float]:
    """Return the median microseconds of an empty request, without and with the middleware."""
    import django

    django.setup()
    from django.conf import settings
    from django.http import HttpResponse
    from django.test import RequestFactory

    from kanal.core.observability.query_counting import count_query
    from kanal.features.performance import store
    from kanal.web import metrics  # noqa: F401  subscribes
    from kanal.web.request_log import seen

    settings.PERFORMANCE_KEPT = False
    silence()
    factory, wrapped = RequestFactory(), [False]

    def execute(*given: Any) -> None:
        """Stand in for a statement."""

    def page(request: Any) -> Any:
        for _ in range(STATEMENTS):
            if wrapped[0]:
                count_query(execute, "SELECT 1", None, False, {})
            else:
                execute("SELECT 1", None, False, {})
        return HttpResponse("")

    medians = []
    for handler, counted in ((page, False), (seen(page), True)):
        wrapped[0] = counted
        medians.append(median_of(handler, lambda: factory.get("/crm/accounts/data/")))
    store._times.clear()
    return medians[0], medians[1]


def silence() -> None:
    """Format logs as in production, but discard them."""
    from kanal.core.observability.logs import formatter

    handler = logging.StreamHandler(open(os.devnull, "w"))  # noqa: SIM115  stays open until the end
    handler.setFormatter(formatter(readable=False))
    logging.getLogger().handlers = [handler]
    logging.getLogger("kanal").setLevel(logging.INFO)


def median_of(handler: Callable[[Any], Any], make: Callable[[], Any]) -> float:
    """Return the median microseconds per call."""
    times = []
    for _ in range(REQUESTS):
        request = make()
        began = time.perf_counter()
        handler(request)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    main()
