"""The data used by the clients: sellable opportunities, an intake source, a splitter filter, accounts."""

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kanal.config import embedded, env

WEIGHTS = (50, 30, 20)
PASSWORD = "a password for the killing"
ITEMS = 2


@dataclass(frozen=True)
class Scene:
    """The intake source's key, a token, the opportunities, and the number of accounts that a bulk edit changes."""

    source_key: str
    token: str
    filter_id: int
    opportunities: list[int]
    accounts: int
    dsn: str


def prepare(data: Path, deals: int, accounts: int) -> Scene:
    """Create an installation in a data folder and fill it. Stops PostgreSQL afterwards."""
    with embedded.using(data) as url:
        env.use_database(url)
        import django

        django.setup()
        from django.db import connection

        from kanal.config.prepare import migrate

        migrate()
        scene = fill(deals, accounts, url)
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    return scene


def fill(deals: int, accounts: int, dsn: str) -> Scene:
    """Create the records."""
    from django.core.management import call_command

    from kanal.core import registry, tokens, writes
    from kanal.core.actor import SYSTEM
    from kanal.entities.leads.tests.factories import make, make_user
    from kanal.entities.people.models import User

    os.environ["KANAL_ADMIN_PASSWORD"] = PASSWORD
    call_command("createadmin", username="killer", email="killer@kanal.example", verbosity=0)
    admin = User.objects.get(username="killer")
    project = make("projects", name="Intake", modules=["crm"])
    source = make("intake-sources", name="Web", default_project=project.pk)
    shares = [{"user": make_user().pk, "percent": str(weight)} for weight in WEIGHTS]
    row = make("splitter-filters", name="All", shares=shares, position=1)
    rows = [
        {"type": "organization", "organization": f"Company {number}", "city": "Before"} for number in range(accounts)
    ]
    writes.create_many(registry.get("accounts"), rows, by=SYSTEM)
    deals_made = opportunities(deals)
    total = registry.get("accounts").model.objects.count()
    return Scene(source.key, tokens.create_token(admin, "killing"), row.pk, deals_made, total, dsn)


def opportunities(number: int) -> list[int]:
    """Create opportunities that can be sold, each with a quote of two items."""
    from django.db import transaction

    from kanal.entities.leads.tests.factories import make
    from kanal.entities.quotes.tests.factories import quote, shop

    made: list[int] = []
    with transaction.atomic():
        of = shop()
        for place in range(number):
            values = {"name": f"Deal {place}", "project": of.project.pk, "account": of.account.pk}
            deal: Any = replace(of, opportunity=make("opportunities", **values))
            quote(deal, [{"product": of.licence.pk, "amount": 2}, {"name": f"Travel {place}", "unit_price": "50"}])
            made.append(deal.opportunity.pk)
    return made


def as_json(scene: Scene) -> dict[str, Any]:
    """Return the counts of a scene without its secrets."""
    kept = asdict(scene)
    return {"deals": len(kept["opportunities"]), "accounts": kept["accounts"], "shares": list(WEIGHTS)}
