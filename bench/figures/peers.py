"""Page times of two popular peers with 200,000 opportunities, compared with Kanal's on the measured set."""

import json
from collections.abc import Callable
from itertools import count
from time import time_ns
from typing import Any

from bench.figures.lists import address
from bench.figures.pages import in_turn
from bench.figures.writing import JSON, values_of
from bench.results import Budget, Result
from bench.run import Run, viewers
from kanal.core import access, registry

# Milliseconds of the faster of two peers per page, and of one that only returns JSON.
LIST, ACCOUNT, HOME, SEARCH = 290, 130, 214, 53
API_LIST, API_CREATE = 24, 15
TIMES = 10


def peers(run: Run) -> list[Result]:
    """Measure the pages that were measured for the peers: ten times faster, and no slower by API."""
    user, accounts = viewers()["director"], registry.get("accounts")
    records = list(access.visible_to(user, accounts).order_by("pk").values_list("pk", flat=True)[:2000:50])
    program, numbers = run.program(user), count(time_ns() // 1_000_000)

    def create() -> Any:
        return program.ask("/api/v1/accounts", json.dumps(values_of(next(numbers))).encode(), **JSON)

    asks: dict[str, tuple[Callable[[], Any], float]] = {
        "list of opportunities": (run.page(user, address()), LIST / TIMES),
        "page of an account": (in_turn(run, user, [accounts.url(pk) for pk in records]), ACCOUNT / TIMES),
        "home": (run.page(user, "/"), HOME / TIMES),
        "search as one types": (run.page(user, "/search?q=nord", HX_Request="true"), SEARCH / TIMES),
        "API, 50 rows": (lambda: program.ask("/api/v1/opportunities?limit=50"), API_LIST),
        "API, create": (create, API_CREATE),
    }
    limits: Any = {name: Budget(round(limit, 1)) for name, (_ask, limit) in asks.items()}
    return run.judged("PEERS", {name: ask for name, (ask, _limit) in asks.items()}, limits)
