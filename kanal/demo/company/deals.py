"""The demo company's opportunities, from the qualified lead to the sale: quotes, losses, contracts."""

import datetime as dt
from typing import Any

from kanal.core import writes
from kanal.demo.company import replay
from kanal.demo.company.context import ZONE, Scene
from kanal.demo.words import COMPETITORS, NEEDS, OUTCOMES, SUBJECTS
from kanal.entities.contracts.actions import mark_delivered
from kanal.entities.opportunities import actions as opportunity_actions
from kanal.entities.qualification.actions import qualify
from kanal.entities.quotes import actions as quote_actions
from kanal.entities.selling.actions import sell

OPEN = ("new", "in-progress", "in-progress", "offer-sent", "offer-sent", "negotiation", "on-hold")
LOST = ("price", "competitor", "no-budget", "no-decision", "missing-function")
FORECASTS = ("pipeline", "pipeline", "best_case", "commit")
CATEGORIES = ("call", "call", "email", "meeting", "presentation")
# Extra products in the first won deals, so that every contract type exists whatever the seed.
BOUGHT_FIRST = ("CH-DAY", "SU-PREM", "CL-S", "IM-DAY")
USERS = ("5", "10", "12", "25", "40", "80")


def make_deals(scene: Scene) -> None:
    """Create the opportunities one by one, oldest first."""
    scene.bought_first = list(BOUGHT_FIRST)
    for place, moment in enumerate(scene.moments(scene.numbers.opportunities)):
        scene.report(place / scene.numbers.opportunities)
        opportunity, seller = begin_deal(scene, place, moment)
        age = (scene.now - moment).days
        fate = scene.inventor.random.random()
        work_on(scene, opportunity, seller, moment)
        if age > 150 or (age > 60 and fate < 0.45):
            close_deal(scene, opportunity, seller, moment, won=fate < 0.5 or bool(scene.bought_first))
        else:
            advance(scene, opportunity, seller, moment, place)


def begin_deal(scene: Scene, place: int, moment: dt.datetime) -> tuple[Any, Any]:
    """Create an opportunity: from an older waiting lead if there is one, else from an account."""
    inventor = scene.inventor
    ready = next((lead for lead in scene.leads if (moment - lead.received_at).days > 5), None)
    older = [
        candidate
        for candidate in scene.accounts
        if ready and candidate.created_at < moment and candidate.account_manager_id == ready.assignee_id
    ]
    old_enough = [candidate for candidate in scene.accounts if candidate.created_at < moment] or scene.accounts[:3]
    account = older[place % len(older)] if older and place % 2 else old_enough[place * 7 % len(old_enough)]
    seller = scene.owner_of(account)
    values = {
        "name": f"{inventor.word(NEEDS)} – {account.name}"[:200], "need": inventor.word(NEEDS),
        "project": scene.project_of(account.country).pk, "assignee": seller.pk,
        "forecast_category": inventor.word(FORECASTS),
        "value": {"amount": str(inventor.amount(22_000)), "currency": scene.books[region(scene, account)][1][0]},
        "expected_close_date": moment.date() + dt.timedelta(days=30 + int(inventor.random.random() * 120)),
        "key_prospect": account.key_account, "custom": {"delivery": inventor.word(("cloud", "own"))},
        "partner": account.partner_id,
    }  # fmt: skip
    people = [contact for contact in scene.contacts.get(account.pk, ()) if contact.created_at < moment]
    if ready is not None and older and account in older:
        scene.leads.remove(ready)
        with replay.at(moment):
            known = {"id": people[0].pk} if people else {}
            parts = {"opportunity": values, "account": {"id": account.pk}, "contact": known}
            return qualify(ready, parts, by=replay.replay_actor(seller, moment)), seller
    values |= {"account": account.pk, "main_contact": people[0].pk if people else None}
    return scene.make("opportunities", values, moment, seller), seller


def region(scene: Scene, account: Any) -> str:
    """Return the region of an account."""
    return scene.project_of(account.country).identifier


def work_on(scene: Scene, opportunity: Any, seller: Any, moment: dt.datetime) -> None:
    """Log the seller's activities, and plan the next ones for a recent deal."""
    inventor, when = scene.inventor, moment
    for _each in range(1 + int(inventor.random.random() * 3)):
        when = scene.past(scene.later(when, 18))
        category = inventor.word(CATEGORIES)
        values = {
            "opportunity": opportunity.pk, "category": category, "subject": inventor.word(SUBJECTS[category]),
            "start": when, "end": when + dt.timedelta(minutes=30), "done": True, "assignee": seller.pk,
            "outcome": inventor.word(OUTCOMES),
        }  # fmt: skip
        scene.make("activities", values, when, seller)


def make_quote(scene: Scene, opportunity: Any, seller: Any, moment: dt.datetime, *, sells: str = "") -> Any:
    """Create a quote with products and `sells`, occasionally a bundle, a discount and a rounding item."""
    inventor = scene.inventor
    book, codes, brand, versions = scene.books[opportunity.project.identifier]
    currency = opportunity.currency if opportunity.currency in codes else codes[0]
    software = ("FJ-CORE", "FJ-WMS", "FJ-FIELD", "FJ-BI")
    users, chosen = inventor.word(USERS), {inventor.word(software), inventor.word(software)}
    items: list[dict[str, Any]] = [{"product": scene.products[code].pk, "amount": users} for code in sorted(chosen)]
    items[0]["discount_percent"] = inventor.word(("5", "10", "15")) if inventor.chance(0.45) else None
    extra = scene.products[inventor.word(("SU-BASIC", "SU-PREM", "CL-S", "CL-L"))]
    items.append({"product": extra.pk, "amount": "1", "is_optional": inventor.chance(0.2)})
    if inventor.chance(0.5):
        bundle = scene.bundles[f"{book.pk}:{inventor.word(('START', 'MOVE'))}"]
        items.append({"bundle": bundle.pk, "amount": "1"})
    else:
        items.append(
            {
                "product": scene.products[inventor.word(("IM-DAY", "IM-DAY", "CH-DAY"))].pk,
                "amount": inventor.word(("3", "6", "10")),
            }
        )
    if sells:
        items.append({"product": scene.products[sells].pk, "amount": "2"})
    values = {
        "name": f"Quote {opportunity.name}"[:200], "price_book": book.pk, "brand": brand.pk,
        "product_version": versions[-1].pk,
        "currency": currency, "start": moment.date(), "valid_until": moment.date() + dt.timedelta(days=30),
        "items": [{key: value for key, value in item.items() if value is not None} for item in items],
    }  # fmt: skip
    with replay.at(moment):
        by = replay.replay_actor(seller, moment)
        quote = quote_actions.new_quote(opportunity, values, by=by)
        if inventor.chance(0.3):
            quote_actions.add_rounding(quote, {"step": "100"}, by=by)
    return quote


def close_deal(scene: Scene, opportunity: Any, seller: Any, moment: dt.datetime, *, won: bool) -> None:
    """Win or lose a deal. Sold products are delivered some weeks later."""
    quoted = scene.later(moment, 40)
    if won or scene.inventor.chance(0.5):
        sells = scene.bought_first.pop(0) if won and scene.bought_first else ""
        make_quote(scene, opportunity, seller, quoted, sells=sells)
    decided = scene.later(quoted, 60)
    by = replay.replay_actor(seller, decided)
    with replay.at(decided):
        opportunity.refresh_from_db()
        if not won:
            rival = scene.inventor.word(COMPETITORS)
            values = {"loss_reason": scene.inventor.word(LOST), "competitor": rival}
            opportunity_actions.lose(opportunity, values, by=by)
            return
        sell(opportunity, {"accept_expired": True}, by=by)
    delivered = scene.later(decided, 45)
    with replay.at(delivered):
        for contract in opportunity.contracts.order_by("pk"):
            if scene.inventor.chance(0.85):
                day = {"delivered_on": delivered.date()}
                mark_delivered(contract, day, by=replay.replay_actor(scene.users["support"], delivered))


def advance(scene: Scene, opportunity: Any, seller: Any, moment: dt.datetime, place: int) -> None:
    """Leave an open deal at some stage of the pipeline, most with a quote and a next step."""
    inventor, status = scene.inventor, OPEN[place % len(OPEN)]
    when = scene.later(moment, 20)
    if status in ("offer-sent", "negotiation"):
        make_quote(scene, opportunity, seller, when)
    ahead = scene.today + dt.timedelta(days=int(inventor.random.random() * 21) - 3)
    values = {
        "status": status, "next_action_date": ahead if inventor.chance(0.8) else None,
        "expected_close_date": scene.today + dt.timedelta(days=int(inventor.random.random() * 110) - 6),
    }  # fmt: skip
    with replay.at(when):
        opportunity.refresh_from_db()
        writes.change(opportunity, values, by=replay.replay_actor(seller, when))
    planned = dt.datetime.combine(max(ahead, scene.today), dt.time(8 + place % 8, 30), ZONE)
    category = inventor.word(CATEGORIES)
    values = {
        "opportunity": opportunity.pk, "category": category, "subject": inventor.word(SUBJECTS[category]),
        "start": planned, "end": planned + dt.timedelta(minutes=45), "assignee": seller.pk,
    }  # fmt: skip
    scene.make("activities", values, when, seller)
