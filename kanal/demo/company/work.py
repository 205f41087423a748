"""The demo company's activities, tasks and tickets for today."""

import datetime as dt

from kanal.demo.company.context import ZONE, Scene

TASKS = (
    "Prepare the workshop",
    "Send the reference list",
    "Check the contract with legal",
    "Set up the test system",
    "Import the customer's items",
    "Plan the training",
    "Update the product sheet",
    "Invite to the customer day",
)
TICKETS = (
    "Scanner does not connect",
    "Totals differ in the stock report",
    "Slow search for items",
    "New user for the web shop",
    "Printer prints labels twice",
    "Question about the year-end",
    "Interface to the bank fails",
    "Wrong tax on an invoice",
)
STATUSES = ("new", "in_progress", "waiting", "done", "done")
TODAY = (
    ("call", "Call about the quote", 8), ("meeting", "Video meeting with the team", 11),
    ("email", "Send the minutes", 13), ("presentation", "Demo of planning", 15),
)  # fmt: skip


def make_work(scene: Scene) -> None:
    """Plan the sellers' day, then create tasks and tickets."""
    for name in ("seller", "director", "lena", "carlos"):
        user = scene.users[name]
        own = [candidate for candidate in scene.accounts if candidate.account_manager_id == user.pk] or scene.accounts
        for place, (category, subject, hour) in enumerate(TODAY):
            start = dt.datetime.combine(scene.today, dt.time(hour), ZONE)
            account = own[place % len(own)]
            values = {
                "account": account.pk, "category": category, "subject": subject, "assignee": user.pk,
                "start": start, "end": start + dt.timedelta(minutes=45), "place": account.city,
            }  # fmt: skip
            scene.make("activities", values, scene.now - dt.timedelta(days=1, hours=place), scene.users["director"])
    for place, moment in enumerate(scene.moments(scene.numbers.tasks, power=0.5)):
        make_task(scene, place, moment)


def make_task(scene: Scene, place: int, moment: dt.datetime) -> None:
    """Create a task. Every third one is a customer's ticket."""
    is_ticket = place % 3 == 0
    old_enough = [candidate for candidate in scene.accounts if candidate.created_at < moment] or scene.accounts[:3]
    account = old_enough[place * 5 % len(old_enough)]
    closed = (scene.now - moment).days > 60
    values = {
        "subject": (TICKETS if is_ticket else TASKS)[place % 8], "tracker": "ticket" if is_ticket else "task",
        "project": scene.project_of(account.country).pk, "accounts": [account.pk],
        "status": "done" if closed else STATUSES[place % 5],
        "priority": ("low", "normal", "normal", "high", "urgent")[place % 5],
        "assignee": scene.users["support"].pk if is_ticket else account.account_manager_id,
        "start": moment.date(), "due": moment.date() + dt.timedelta(days=5 + place % 20),
        "estimate": str(1 + place % 8),
    }  # fmt: skip
    scene.make("tasks", values, moment, scene.users["support"])
