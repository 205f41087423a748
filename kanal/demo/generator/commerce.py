"""Generation of products with prices, quotes and contracts, row by row."""

from collections.abc import Iterator

from kanal.core import currencies, registry, writes
from kanal.core.actor import SYSTEM
from kanal.demo.generator.customers import array_of, unpacked
from kanal.demo.generator.loading import NOTHING
from kanal.demo.generator.pools import Clock, World, amounts, table_ids
from kanal.entities.pricebooks.models import PriceBook, ProductCategory

PRODUCT = ("id", "name", "code", "category_id", "created_at", "updated_at")
PRICE = ("id", "label", "price_book_id", "product_id", "price", "currency", "recurrence", "created_at", "updated_at")
QUOTE = (
    "id", "name", "number", "opportunity_id", "currency", "state", "is_active", "value", "value_main", "one_off", "tax",
    "grand_total", "created_at", "updated_at", "created_by_id",
)  # fmt: skip
CONTRACT = (
    "id", "name", "number", "type_id", "status", "account_id", "opportunity_id", "price", "value", "currency",
    "value_main", "start", "end", "term_months", "project_id", "responsible_id", "sold_on", "created_at", "updated_at",
    "created_by_id", "owner_ids",
)  # fmt: skip
STATES = ("draft", "draft", "sent", "sent", "accepted", "declined", "expired")
RECURRENCES = ("one_off", "yearly")
STATUSES = ("active",) * 6 + ("ordered", "in_delivery", "ending", "ended", "ended")
NAMES = ("Licence", "Module", "Connector", "Support", "Training day", "Cloud space")
BOOK = "Generated prices"


def prices_each() -> int:
    """Return the number of prices per generated product: one per currency and recurrence."""
    return len(currencies.in_use()) * len(RECURRENCES)


def products(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield products."""
    kinds, moment = table_ids(ProductCategory), f"{world.today.isoformat()} 06:00:00+00"
    for place in range(count):
        name = f"{NAMES[place % len(NAMES)]} {place + 1}"
        yield str(first + place), name, f"G-{first + place:06d}", str(kinds[place % len(kinds)]), moment, moment


def prices(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield the prices of the products in their own price book."""
    inventor, codes = world.inventor("prices"), currencies.in_use()
    book = PriceBook.objects.filter(name=BOOK).first() or writes.create(
        registry.get("price-books"), {"name": BOOK, "projects": world.projects}, by=SYSTEM
    )
    moment, each = f"{world.today.isoformat()} 06:00:00+00", prices_each()
    for place in range(count):
        product = world.first["products"] + place // each
        code, recurrence = codes[place % len(codes)], RECURRENCES[place // len(codes) % len(RECURRENCES)]
        price = str(inventor.amount(900))
        yield str(first + place), f"{price} {code}", str(book.pk), str(product), price, code, recurrence, moment, moment


def quotes(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield quotes, each on an opportunity, spread over all of them."""
    inventor = world.inventor("quotes")
    random, clock, sums = inventor.random.random, Clock(inventor, world.today), amounts(inventor, 18_000)
    total, start = world.count["opportunities"], world.first["opportunities"]
    for place in range(count):
        at = place * total // count
        amount, currency, main = sums[int(random() * len(sums))]
        made = clock.at(clock.day(random), random)
        yield (
            str(first + place), f"Quote {place + 1}", f"Q-{world.today.year}-{world.number + place:04d}",
            str(start + at), currency, STATES[int(random() * len(STATES))], "t", str(amount), str(main), str(amount),
            str(amount / 4), str(amount + amount / 4), made, made,
            str(min(unpacked(world.owners["opportunities"][at]))),
        )  # fmt: skip


def contracts(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield contracts of all types on the opportunities. Those with a term run for a year."""
    inventor = world.inventor("contracts")
    random, clock, sums = inventor.random.random, Clock(inventor, world.today), amounts(inventor, 9_000)
    total, start = world.count["opportunities"], world.first["opportunities"]
    kinds = list(ProductCategory.objects.order_by("pk"))
    for place in range(count):
        at, kind, day = place * total // count, kinds[int(random() * len(kinds))], clock.day(random)
        owners = unpacked(world.owners["opportunities"][at])
        amount, currency, main = sums[int(random() * len(sums))]
        made, begins = clock.at(day, random), clock.days[day]
        ends = f"{int(begins[:4]) + 1}{begins[4:]}".replace("-02-29", "-02-28") if kind.is_time_based else NOTHING
        yield (
            str(first + place), f"{kind.name} {place + 1}", f"C-{world.number + place:05d}", str(kind.pk),
            STATUSES[int(random() * len(STATUSES))],
            str(world.first["accounts"] + world.accounts["opportunities"][at]), str(start + at), str(amount),
            str(amount), currency, str(main), begins, ends, "12" if kind.is_time_based else NOTHING,
            str(world.regions["opportunities"][at]), str(min(owners)), begins, made, made, str(min(owners)),
            array_of(owners),
        )  # fmt: skip
