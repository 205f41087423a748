"""The demo company's campaigns, web form intake, lead splitter and leads."""

import datetime as dt
import json
from typing import Any

from kanal.core import query, writes
from kanal.core.actor import ChangeSource
from kanal.demo.company import replay
from kanal.demo.company.context import Scene
from kanal.demo.company.customers import partner_for, seller_for
from kanal.demo.company.people import setup_moment
from kanal.demo.faker import ascii_of
from kanal.demo.words import COUNTRIES, JOBS, NEEDS, Country
from kanal.entities.intake.actions import Post, receive
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.leads import actions as lead_actions

# Name, region, kind, costs in EUR, start in days before today, duration in days.
CAMPAIGNS = (
    ("Trade fair Hannover", "crm-dach", "fair", 18_500, 560, 5),
    ("Warehouse webinar", "crm-nordics", "webinar", 2_400, 420, 30),
    ("Search advertising", "crm-western-europe", "advertising", 9_600, 365, 330),
    ("Customer day Bergen", "crm-nordics", "event", 7_200, 250, 1),
    ("Partner campaign Iberia", "crm-iberia", "partner", 4_100, 200, 90),
    ("Field service newsletter", "crm-dach", "email", 1_300, 120, 200),
    ("Autumn calls", "crm-central-europe", "calls", 3_000, 60, 90),
)
CHANNELS = ("web_form", "web_form", "inbound", "call", "event", "partner", "web_form")
SOURCES = ("website", "advertisement", "referral", "event", "partner", "cold_call", "website")
BUDGETS = ("below", "middle", "above")
REASONS = ("Has no budget this year.", "Chose another vendor.", "A student who looked for material.", "Not reachable.")
FORM = "Web form"


def make_marketing(scene: Scene) -> None:
    """Create campaigns, then lead intake and splitter, then the leads."""
    for name, region, kind, costs, ago, days in CAMPAIGNS:
        first = scene.today - dt.timedelta(days=ago)
        moment = dt.datetime.combine(first - dt.timedelta(days=20), dt.time(9), dt.UTC)
        values = {
            "name": name, "project": scene.projects[region].pk, "kind": kind, "start": first,
            "end": first + dt.timedelta(days=days), "owner": scene.users["leads"].pk, "status": "active",
            "costs": {"amount": str(costs), "currency": "EUR"},
            "planned_budget": {"amount": str(costs + 1000), "currency": "EUR"},
            "expected_revenue": {"amount": str(costs * 9), "currency": "EUR"},
        }  # fmt: skip
        scene.campaigns.append(scene.make("campaigns", values, moment, scene.users["director"]))
    make_splitter(scene)
    for place, moment in enumerate(scene.moments(scene.numbers.leads)):
        scene.report(place / scene.numbers.leads)
        make_lead(scene, place, moment)
    receive_today(scene)
    hand_to_partner(scene)


def make_splitter(scene: Scene) -> None:
    """Create the filters that distribute new leads, and the intake source of the web form."""
    moment, user = setup_moment(scene), scene.users["leads"]

    def share(percent: str, **of: str) -> dict[str, Any]:
        return {**{kind: scene.users[name].pk for kind, name in of.items()}, "percent": percent}

    for position, (name, text, shares) in enumerate((
        ("German-speaking countries", "country:any(DE,AT,CH)", [share("50", user="lena"), share("50", user="felix")]),
        ("Nordics", "country:any(NO,SE,DK,FI)", [
            share("45", user="seller"), share("35", user="magnus"),
            {"partner": scene.partners[0].pk, "percent": "20"},
        ]),
        ("Everything else", "", [share("33", user=username) for username in ("tereza", "carlos", "harry")]),
    )):  # fmt: skip
        conditions = query.to_json(query.parse(text)) if text else {}
        values = {"name": name, "position": 10 * (position + 1), "conditions": conditions, "shares": shares}
        scene.make("splitter-filters", values, moment, user)
    values = {
        "name": FORM,
        "default_project": scene.projects["crm-nordics"].pk,
        "field_mapping": {"fixed": {"channel": "web_form"}},
    }
    scene.make("intake-sources", values, moment, user)


def person(scene: Scene, country: Country, place: int) -> dict[str, Any]:
    """Return a random person who makes an inquiry."""
    inventor = scene.inventor
    first, last = inventor.person(country)
    company, where = inventor.company(country), inventor.address(country)
    domain = f"{ascii_of(company.rsplit(' ', 1)[0])}.example"
    return {
        "first_name": first, "last_name": last, "company": company, "job_title": inventor.word(JOBS),
        "email": f"{ascii_of(first)}.{ascii_of(last)}{place}@{domain}", "phone": inventor.phone(country),
        "street": where.street, "city": where.city, "postcode": where.postcode, "region": where.region,
        "country": country.code,
    }  # fmt: skip


def make_lead(scene: Scene, place: int, moment: dt.datetime) -> None:
    """Create a lead and its outcome: an eighth waits, some are in the pool, others were closed."""
    country, inventor = COUNTRIES[(place * 3) % len(COUNTRIES)], scene.inventor
    seller, is_young = seller_for(scene, country), (scene.now - moment).days < 21
    in_pool = is_young and place % 6 == 0
    campaign = inventor.word(tuple(map(str, range(len(scene.campaigns))))) if inventor.chance(0.55) else ""
    values = {
        **person(scene, country, place), "subject": inventor.word(NEEDS) if inventor.chance(0.6) else None,
        "project": scene.project_of(country.code).pk, "assignee": None if in_pool else seller.pk,
        "channel": CHANNELS[place % 7], "source": SOURCES[place % 7], "priority": int(inventor.random.random() * 101),
        "campaign": scene.campaigns[int(campaign)].pk if campaign else None,
        "partner": None if in_pool else partner_for(scene, country, 0.25),
        "value": {"amount": str(inventor.amount(14_000)), "currency": country.currency},
        "utm_source": "newsletter" if place % 5 == 0 else "", "custom": {"budget": inventor.word(BUDGETS)},
    }  # fmt: skip
    lead = scene.make("leads", values, moment, None, ChangeSource.INTAKE)
    with replay.at(moment):
        writes.update_system_fields(
            lead, by=replay.replay_actor(None, moment, ChangeSource.JOB), awaits_split=False, split_at=moment
        )
    if in_pool or (is_young and inventor.chance(0.5)):
        return
    follow_up_lead(scene, lead, seller, moment)


def follow_up_lead(scene: Scene, lead: Any, seller: Any, moment: dt.datetime) -> None:
    """Contact a lead. Some are disqualified, others kept for the deals."""
    touched = scene.past(scene.later(moment, 2))
    values = {"lead": lead.pk, "category": "call", "subject": "First call", "start": touched, "done": True}
    scene.make("activities", {**values, "assignee": seller.pk, "outcome": "Reached."}, touched, seller)
    if scene.inventor.chance(0.3):
        closed = scene.later(touched, 20)
        with replay.at(closed):
            disqualification = {"status": "disqualified", "disqualification_reason": scene.inventor.word(REASONS)}
            lead_actions.disqualify(lead, disqualification, by=replay.replay_actor(seller, closed))
    elif (scene.now - moment).days > 10:
        scene.leads.append(lead)


def receive_today(scene: Scene) -> None:
    """Post today's leads to the web form's source, where they're identified and split like real ones."""
    from kanal.entities.intake.models import IntakeSource

    source = IntakeSource.objects.get(name=FORM)
    for place in range(8):
        country = COUNTRIES[(place * 2) % len(COUNTRIES)]
        asked = {**person(scene, country, 900 + place), "description": scene.inventor.word(NEEDS)}
        moment = scene.now - dt.timedelta(minutes=170 - 18 * place)
        with replay.at(moment):
            receive(source.key, Post(json.dumps(asked).encode(), "application/json"))
            process_batch()


def hand_to_partner(scene: Scene) -> None:
    """Assign one of this morning's leads to the first partner, so that its demo user has something to do."""
    partner, moment = scene.partners[0], scene.now - dt.timedelta(minutes=25)
    country = next(candidate for candidate in COUNTRIES if candidate.code == partner.country)
    values = {
        **person(scene, country, 950), "subject": "Stock on every site", "project": scene.project_of(country.code).pk,
        "partner": partner.pk, "channel": "web_form", "source": "website", "priority": 80,
        "value": {"amount": "48000", "currency": country.currency},
    }  # fmt: skip
    scene.make("leads", values, moment, None, ChangeSource.INTAKE)
