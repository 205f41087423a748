"""The demo company's accounts and personal contacts, with groups and relations."""

import datetime as dt
from typing import Any

from kanal.demo.company.context import Scene
from kanal.demo.company.people import setup_moment
from kanal.demo.faker import ascii_of
from kanal.demo.words import COUNTRIES, JOBS, Country

INDUSTRIES = ("manufacturing", "construction", "retail", "logistics", "energy", "health", "public", "it", "services")
GROUPS = ("Key customers", "Reference customers", "Newsletter")
TIERS = ("a", "b", "b", "c", "c", "c")
ERP = ("None yet", "Spreadsheets", "An old one of their own", "Orbiq 7", "Planwerk")


def make_customers(scene: Scene) -> None:
    """Create accounts of all types, then the people who work there."""
    moment, admin = setup_moment(scene), scene.users["admin"]
    groups = [scene.make("account-groups", {"name": name}, moment, admin).pk for name in GROUPS]
    for place, when in enumerate(scene.moments(scene.numbers.accounts, power=1.1)):
        scene.report(place / scene.numbers.accounts)
        country = COUNTRIES[place % len(COUNTRIES)]
        scene.accounts.append(make_account(scene, place, country, when, groups))
    relate(scene)
    total = 0
    while total < scene.numbers.contacts:
        account = scene.accounts[total % len(scene.accounts)]
        make_contact(scene, account, total)
        total += 1


def seller_for(scene: Scene, country: Country) -> Any:
    """Return a random seller from the country's team. The seller for trial sign-ins gets most of the north."""
    teams = {
        "NO": ("seller", "seller", "seller", "magnus", "lead.nordics"), "DE": ("lena", "felix", "lead.dach"),
        "CZ": ("tereza",), "ES": ("carlos",), "FR": ("camille",), "GB": ("harry", "seller"), "US": ("harry", "magnus"),
    }  # fmt: skip
    return scene.users[scene.inventor.word(teams[country.code])]


def partner_for(scene: Scene, country: Country, part: float) -> int | None:
    """Return the country's partner with the given probability, else None."""
    partner = next((candidate for candidate in scene.partners if candidate.country == country.code), None)
    return partner.pk if partner and scene.inventor.chance(part) else None


def make_account(scene: Scene, place: int, country: Country, moment: dt.datetime, groups: list[int]) -> Any:
    """Create an account: an organization, occasionally a person or a plain account."""
    inventor, where = scene.inventor, scene.inventor.address(country)
    kind = "personal" if place % 9 == 4 else "account" if place % 14 == 6 else "organization"
    first, last = inventor.person(country)
    firm = inventor.company(country)
    domain = f"{ascii_of(firm.rsplit(' ', 1)[0])}.example"
    seller = seller_for(scene, country)
    values: dict[str, Any] = {
        "type": kind, "phone": inventor.phone(country), "street": where.street, "city": where.city,
        "postcode": where.postcode, "region": where.region, "country": country.code, "account_manager": seller.pk,
        "industry": inventor.word(INDUSTRIES), "partner": partner_for(scene, country, 0.35),
        "key_account": place % 11 == 0, "is_global": place % 17 == 0,
        "groups": [groups[place % 3]] if place % 4 == 0 else [],
        "projects": [scene.project_of(country.code).pk],
        "custom": {"tier": inventor.word(TIERS), "employees": int(8 * 2 ** (inventor.random.random() * 7))},
    }  # fmt: skip
    if kind == "personal":
        values |= {"first_name": first, "last_name": last, "email": f"{ascii_of(first)}.{ascii_of(last)}@mail.example"}
    else:
        values |= {"organization": firm, "email": f"office@{domain}", "website": f"https://{domain}"}
        values["registration_number"] = str(900_000_000 + place * 7919 % 99_999_999)
        values["custom"]["erp"] = inventor.word(ERP)
    return scene.make("accounts", values, moment, seller)


def relate(scene: Scene) -> None:
    """Create relations between some accounts."""
    kinds = ("supplier", "customer", "competitor", "same_group")
    for place in range(0, len(scene.accounts) - 7, 12):
        account, other = scene.accounts[place], scene.accounts[place + 7]
        values = {"account": account.pk, "related_account": other.pk, "relation_kind": kinds[place // 12 % 4]}
        scene.make("account-relations", values, max(account.created_at, other.created_at), scene.users["director"])


def make_contact(scene: Scene, account: Any, place: int) -> None:
    """Create a person who works at an account."""
    country = next(candidate for candidate in COUNTRIES if candidate.code == account.country)
    first, last = scene.inventor.person(country)
    domain = account.email.partition("@")[2]
    contact = scene.make(
        "contacts",
        {
            "first_name": first, "last_name": last, "account": account.pk, "job_title": scene.inventor.word(JOBS),
            "email": f"{ascii_of(first)}.{ascii_of(last)}{place}@{domain}", "phone": scene.inventor.phone(country),
            "city": account.city, "country": account.country, "language": country.language,
        },
        scene.later(account.created_at, 60), scene.owner_of(account),
    )  # fmt: skip
    scene.contacts.setdefault(account.pk, []).append(contact)
