"""Generation of accounts and contacts, row by row."""

from collections.abc import Iterator

from kanal.demo.generator.customfields import values
from kanal.demo.generator.loading import NOTHING
from kanal.demo.generator.pools import Clock, World, categories, companies, people, table_ids
from kanal.demo.words import JOBS
from kanal.entities.accounts.models import AccountType
from kanal.entities.contacts.models import ContactType

ACCOUNT = (
    "id", "type_id", "organization", "first_name", "last_name", "name", "email", "phone", "website", "street", "city",
    "postcode", "region", "country", "registration_number", "registration_key", "account_manager_id", "industry_id",
    "partner_id", "key_account", "custom", "created_at", "updated_at", "created_by_id", "owner_ids",
)  # fmt: skip
CONTACT = (
    "id", "first_name", "last_name", "name", "type_id", "job_title", "account_id", "email", "phone", "mobile", "city",
    "postcode", "region", "country", "language", "custom", "created_at", "updated_at", "created_by_id", "owner_ids",
)  # fmt: skip


def seller_and_author(world: World, random) -> tuple[int, int, str]:  # type: ignore[no-untyped-def]
    """Return a random owner and author of a record (mostly the same), and the array of both."""
    sellers = world.sellers
    assignee = sellers[int(random() * len(sellers))]
    author = assignee if random() < 0.8 else sellers[int(random() * len(sellers))]
    both = f"{{{assignee}}}" if author == assignee else f"{{{min(assignee, author)},{max(assignee, author)}}}"
    return assignee, author, both


def packed(high: int, other: int) -> int:
    """Pack two ids into one number, for compact storage of many rows."""
    return high << 32 | other


def unpacked(number: int) -> set[int]:
    """Unpack the ids."""
    return {number >> 32, number & 0xFFFFFFFF}


def array_of(ids: set[int]) -> str:
    """Return ids as a sorted array literal."""
    return "{" + ",".join(map(str, sorted(ids))) + "}"


def accounts(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield accounts: mostly organizations, a tenth persons."""
    inventor = world.inventor("accounts")
    random, clock = inventor.random.random, Clock(inventor, world.today)
    firms, persons, custom = companies(inventor), people(inventor), values(inventor, world.custom, world.today)
    industries, owners = categories("industry"), world.owners["accounts"]
    types = {row.key: str(row.pk) for row in AccountType.objects.all()}
    organization = types.get("organization", next(iter(types.values())))
    personal = next((str(row.pk) for row in AccountType.objects.filter(has_organization=False)), None)
    for place in range(count):
        name, domain, phone, street, city, postcode, region, country = firms[int(random() * len(firms))]
        assignee, author, both = seller_and_author(world, random)
        owners[place] = packed(assignee, author)
        day = clock.day(random)
        made, changed = clock.at(day, random), clock.at(clock.after(day, random) + 1, random)
        partner = str(world.partners[int(random() * len(world.partners))]) if random() < 0.2 else NOTHING
        if personal and random() < 0.1:
            given, last, local, phone, _country = persons[int(random() * len(persons))]
            kind, firm, name, email, site = personal, "", f"{given} {last}", f"{local}{place}@mail.example", ""
        else:
            kind, given, last = organization, "", ""
            firm = name = f"{name} {city} {place % 89 + 1}" if place % 3 else f"{name} {city}"
            email, site = f"post{place}@{domain}", f"https://{domain}"
        yield (
            str(first + place), kind, firm, given, last, name, email, phone, site, street, city, postcode, region,
            country, *[str(800_000_000 + place)] * 2, str(assignee), industries[int(random() * len(industries))],
            partner,
            "t" if random() < 0.05 else "f", custom(), made, changed, str(author), both,
        )  # fmt: skip


def contacts(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield the employees of the accounts. The account's owner owns them too."""
    inventor = world.inventor("contacts")
    random, clock = inventor.random.random, Clock(inventor, world.today)
    firms, persons, custom = companies(inventor), people(inventor), values(inventor, world.custom, world.today)
    owners, of_account = world.owners["contacts"], world.owners["accounts"]
    world.accounts["contacts"] = belongs = type(owners)("q", bytes(8 * count))
    kinds = table_ids(ContactType, key="employee") or table_ids(ContactType)
    kind = str(kinds[0]) if kinds else NOTHING
    for place in range(count):
        given, last, local, phone, country = persons[int(random() * len(persons))]
        firm = firms[int(random() * len(firms))]
        account = world.draw("accounts", random) or 0
        belongs[place] = account
        _assignee, author, _both = seller_and_author(world, random)
        owners[place] = of_account[account]
        day = clock.day(random)
        made, changed = clock.at(day, random), clock.at(clock.after(day, random) + 1, random)
        yield (
            str(first + place), given, last, f"{given} {last}", kind, JOBS[int(random() * len(JOBS))],
            str(world.first["accounts"] + account), f"{local}{place}@{firm[1]}", phone, "", firm[4], firm[5], firm[6],
            firm[7], country.language, custom(), made, changed, str(author),
            array_of({author} | unpacked(of_account[account])),
        )  # fmt: skip
