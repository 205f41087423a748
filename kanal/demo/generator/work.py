"""Generation of activities, row by row."""

from collections.abc import Iterator

from kanal.demo.generator.customers import array_of, seller_and_author, unpacked
from kanal.demo.generator.customfields import values
from kanal.demo.generator.loading import NOTHING
from kanal.demo.generator.pools import Clock, World, categories
from kanal.demo.words import CALLS, OUTCOMES

ACTIVITY = (
    "id", "category_id", "subject", "start", "end", "done", "done_at", "outcome", "next_step", "assignee_id",
    "account_id", "lead_id", "opportunity_id", "contact_id", "project_id", "custom", "created_at", "updated_at",
    "created_by_id",
    "owner_ids",
)  # fmt: skip
ON = ("opportunities",) * 5 + ("leads",) * 3 + ("accounts",) + ("contacts",)


def activities(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield activities on opportunities, leads, accounts and contacts. One in twelve is still to be done."""
    inventor = world.inventor("activities")
    random, clock = inventor.random.random, Clock(inventor, world.today)
    custom, kinds = values(inventor, world.custom, world.today), categories("activity_category")
    ahead = [world.today.fromordinal(world.today.toordinal() + days).isoformat() for days in range(30)]
    given = [name for name in ON if world.count.get(name)] or ["accounts"]
    for place in range(count):
        parent = given[int(random() * len(given))]
        at = world.draw(parent, random) or 0
        seller, author, _both = seller_and_author(world, random)
        owners = unpacked(world.owners[parent][at])
        if random() < 0.9:
            seller = author = min(owners)
        ids = {parent: str(world.first[parent] + at)}
        if parent in world.accounts:
            account = world.accounts[parent][at]
            ids["accounts"] = str(world.first["accounts"] + account)
            owners |= unpacked(world.owners["accounts"][account])
        day, done = clock.day(random), random() > 0.08
        made = clock.at(day, random)
        start = made if done else f"{ahead[int(random() * 30)]} {clock.times[int(random() * 997)]}00+00"
        yield (
            str(first + place), kinds[int(random() * len(kinds))], CALLS[int(random() * len(CALLS))], start, NOTHING,
            "t" if done else "f", made if done else NOTHING,
            OUTCOMES[int(random() * len(OUTCOMES))] if done else "",
            CALLS[int(random() * len(CALLS))] if random() < 0.3 else "", str(seller),
            ids.get("accounts", NOTHING), ids.get("leads", NOTHING), ids.get("opportunities", NOTHING),
            ids.get("contacts", NOTHING), str(world.regions[parent][at] or NOTHING), custom(), made, made,
            str(author), array_of(owners | {seller, author}),
        )  # fmt: skip
