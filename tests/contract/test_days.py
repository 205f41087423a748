"""A day is the reader's on every channel (HIST-1a, LIST-2, LIST-7): one moment, three users, three days.

At 10:30 UTC on 15 March it is half past midnight on the 16th on Kiritimati, noon on the 15th in Oslo, and half an hour
before midnight on the 14th in Pago Pago.
"""

import csv
import datetime as dt
import io
import json

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import context, currencies, registry, settings, tokens, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import Currency, ExchangeRate, Progress, Selection
from kanal.features.importing.models import Import
from tests.fakes.models import Ship

NOW = dt.datetime(2026, 3, 15, 10, 30, tzinfo=dt.UTC)
DAY_OF = {"Pacific/Kiritimati": "2026-03-16", "Europe/Oslo": "2026-03-15", "Pacific/Pago_Pago": "2026-03-14"}
HOURS = {"Pacific/Kiritimati": 14, "Europe/Oslo": 1, "Pacific/Pago_Pago": -11}
LIST = "/fakes/ships/data/"
SHIPS = "/api/v1/ships"


@pytest.fixture(params=DAY_OF)
def zone(request):
    """Return the zone of the user."""
    return request.param


@pytest.fixture
def clock():
    """Have it be that moment, and nothing cached from before it."""
    invalidate()
    with time_machine.travel(NOW, tick=False):
        yield
    invalidate()


@pytest.fixture
def reader(clock, make_user, zone):
    """Return an administrator who lives in the zone."""
    return make_user(user_type="administrator", time_zone=zone)


@pytest.fixture
def signed_in(client, reader):
    """Return their browser."""
    client.force_login(reader)
    return client


@pytest.fixture
def call(client, reader):
    """Call the API with a token of theirs."""
    headers = {"Authorization": f"Bearer {tokens.create_token(reader, 'test')}"}

    def do(method, url, data=None):
        client.logout()
        answer = client.generic(method, url, json.dumps(data or {}), content_type="application/json", headers=headers)
        return json.loads(answer.content)

    return do


@pytest.fixture
def fleet(clock, make_ship, zone):
    """Return a ship for each third of an hour around each of the three days, named by the reader's day."""
    names_by_day = {}
    for hour in range(-80, 80, 3):
        moment = NOW + dt.timedelta(hours=hour)
        day = (moment + dt.timedelta(hours=HOURS[zone])).date().isoformat()
        ship = make_ship(name=f"{day} {hour}", sails_at=moment.isoformat(), launched=day)
        names_by_day.setdefault(day, set()).add(ship.name)
    return names_by_day


def work_off():
    """Do the jobs that wait, as a worker does: long after the request, in no context of its own."""
    for job in ProcrastinateJob.objects.filter(status="todo", task_name__in=("web.bulk", "importing.run")):
        with time_machine.travel(NOW + dt.timedelta(hours=13), tick=False):
            app.tasks[job.task_name].func(**job.args)


def rows_of(answer):
    """Read a streamed CSV, which is made when the request has left its middleware."""
    content = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(content)))


def names_on(page):
    """Return the names of the ships on a page."""
    text = page.content.decode()
    return {name for name in Ship.objects.values_list("name", flat=True) if f">{name}<" in text}


@pytest.mark.parametrize("wanted", ["is(today)", "on(today)", "within(this,day)", "within(last,1,days)"])
def test_today_is_the_same_in_list_export_api_and_board(signed_in, call, fleet, zone, wanted):
    """LIST-2: the filter gives the same rows by page, CSV and API."""
    today = fleet[DAY_OF[zone]]
    for column in ("sails_at", "launched"):
        query = f"?filter={column}:{wanted}&limit=200&columns=name,sails_at"
        assert names_on(signed_in.get(f"{LIST}{query}")) == today
        assert {row["Name"] for row in rows_of(signed_in.get(f"{LIST}export.csv{query}"))} == today
        matching = ",".join(map(str, Ship.objects.values_list("pk", flat=True)))
        matching_ids = signed_in.get(f"/live/ships/matching?filter={column}:{wanted}&ids={matching}").json()["ids"]
        assert set(Ship.objects.filter(pk__in=matching_ids).values_list("name", flat=True)) == today
        signed_in.logout()
        assert {item["name"] for item in call("GET", f"{SHIPS}?filter={column}:{wanted}&limit=200")["items"]} == today
        signed_in.force_login(signed_in.reader)


@pytest.fixture(autouse=True)
def known(request):
    """Let a browser know whose it is, as the API's calls sign it out."""
    if "signed_in" in request.fixturenames:
        request.getfixturevalue("signed_in").reader = request.getfixturevalue("reader")


def test_moments_in_a_file_are_the_readers_and_say_their_offset(signed_in, fleet, zone):
    """LIST-7: a cell is the reader's local time, and the same moment for everybody."""
    for row in rows_of(signed_in.get(f"{LIST}export.csv?columns=name,sails_at")):
        moment = dt.datetime.fromisoformat(row["Sails at"])
        assert moment.utcoffset() == dt.timedelta(hours=HOURS[zone])
        assert moment.date().isoformat() == row["Name"].split()[0]


def test_groups_by_day_are_the_readers(signed_in, fleet):
    """LIST-1: a group holds the moments of one of the reader's days, and its count is theirs."""
    for by in ("sails_at", "-sails_at"):
        text = signed_in.get(f"{LIST}?group={by.removeprefix('-')}&sort={by}&limit=200").content.decode()
        assert text.count('class="group') == len(fleet) or text.count("<th colspan") == len(fleet)


def test_moments_without_an_offset_are_the_users(call, signed_in, zone):
    """API: what a token's user writes without an offset is in their own zone, as in their forms."""
    made = call("POST", SHIPS, {"name": "Fram", "sails_at": "2026-06-24T08:00"})
    ship = Ship.objects.get(pk=made["id"])
    offset = {"Europe/Oslo": 2}.get(zone, HOURS[zone])
    assert ship.sails_at == dt.datetime(2026, 6, 24, 8, tzinfo=dt.timezone(dt.timedelta(hours=offset)))
    signed_in.force_login(signed_in.reader)
    signed_in.post("/fakes/ships/new", {"name": "Gjøa", "sails_at": "2026-06-24T08:00", "currency": "EUR"})
    assert Ship.objects.get(name="Gjøa").sails_at == ship.sails_at


def test_the_context_ends_with_the_request(call, signed_in):
    """HIST-1a: whoever comes next in the same thread finds nothing of it."""
    call("GET", SHIPS)
    assert timezone.get_current_timezone_name() == "UTC"
    assert context.current_context().user_id is None


@pytest.mark.parametrize("number", [3, 505])
def test_a_cell_means_the_same_in_a_small_and_a_large_file(signed_in, zone, number):
    """IMP-1: at once or by a job hours later, a moment without an offset is in the zone of who imports."""
    lines = "".join(f"Ship {place},2026-06-24 08:00\n" for place in range(number))
    file = SimpleUploadedFile("ships.csv", f"Name,Sails at\n{lines}".encode())
    signed_in.post("/fakes/ships/import", {"file": file})
    run = Import.objects.latest("pk")
    form = {"column-0": "name", "column-1": "sails_at", "mode": "create", "match": "", "do": "run"}
    signed_in.post(f"/imports/{run.pk}/", form)
    work_off()
    offset = {"Europe/Oslo": 2}.get(zone, HOURS[zone])
    expected = dt.datetime(2026, 6, 24, 8, tzinfo=dt.timezone(dt.timedelta(hours=offset)))
    assert list(Ship.objects.values_list("sails_at", flat=True).distinct()) == [expected]
    assert Ship.objects.count() == number


def confirm(browser, verb, query, **given):
    """Open the dialog of a bulk change, and return what answers it."""
    page = browser.get(f"{LIST}bulk-{verb}{query}&everything=1").content.decode()
    selection = Selection.objects.latest("pk")
    assert f'name="selection" value="{selection.pk}"' in page
    return page, {"everything": "1", "selection": selection.pk, **given}


@pytest.mark.parametrize("number", [4, 510])
@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_a_bulk_change_does_what_was_confirmed(signed_in, by, zone, number, verb):
    """LIST-5: exactly the records that the dialog named, however late; those that came in meanwhile are left."""
    entity, sails = registry.get("ships"), NOW.isoformat()
    items = [{"name": f"Ship {place}", "sails_at": sails} for place in range(number)]
    writes.create_many(entity, items, by=by)
    query = "?filter=sails_at:is(today)"
    page, answer = confirm(signed_in, verb, query, field="rig", rig="ketch")
    assert f"{number} record" in page
    writes.create(entity, {"name": "Newcomer", "sails_at": sails}, by=by)
    left = Ship.objects.get(name="Ship 1")
    writes.change(left, {"sails_at": "2020-01-01T00:00Z"}, by=by)
    writes.delete(Ship.objects.get(name="Ship 2"), by=by)
    signed_in.post(f"{LIST}bulk-{verb}{query}", answer)
    writes.create(entity, {"name": "Latecomer", "sails_at": sails}, by=by)
    work_off()
    others = Ship.objects.filter(name__in=["Newcomer", "Latecomer"])
    assert list(others.values_list("rig", flat=True)) == ["", ""]
    changed = Ship.objects.exclude(pk__in=others)
    assert changed.count() == (0 if verb == "delete" else number - 1)
    assert set(changed.values_list("rig", flat=True)) <= {"ketch"}
    if number > 500:
        progress = Progress.objects.latest("pk")
        assert (progress.done, progress.result["gone"], progress.state) == (number - 1, 1, "done")
        assert "1 of the records no longer exists" in signed_in.get(f"/progress/{progress.pk}").content.decode()


def test_another_users_selection_is_not_taken(signed_in, make_ship, make_user):
    """LIST-5: nobody answers a question that was asked somebody else."""
    make_ship()
    kept = Selection.objects.create(
        user=make_user(), entity="ships", ids=list(Ship.objects.values_list("pk", flat=True))
    )
    answer = signed_in.post(f"{LIST}bulk-delete", {"everything": "1", "selection": kept.pk})
    assert answer.status_code in (302, 409)
    assert Ship.objects.count() == 1


def test_a_job_takes_zone_language_and_day_along(reader, zone):
    """JOB-1: what is queued in a context is done in it, though it is another day by then."""
    observed = []
    with context.Context.of(reader, ChangeSource.FORM).but(language="nb").active():
        stored = json.loads(json.dumps(context.argument()))
    with (
        time_machine.travel(NOW + dt.timedelta(days=3), tick=False),
        context.taken(stored[context.ARGUMENT]) as job_context,
    ):
        observed = [
            timezone.get_current_timezone_name(),
            job_context.language,
            context.today().isoformat(),
            job_context.user.pk,
        ]
    assert observed == [zone, "nb", DAY_OF[zone], reader.pk]


def test_the_systems_own_work_is_the_companys(clock, db, zone):
    """JOB-1, SPLIT-1: the splitter and periodic jobs count days in the company's zone, whoever began them."""
    settings.set_setting(context.ZONE, zone)
    with context.taken(None):
        assert context.today().isoformat() == DAY_OF[zone]
        assert timezone.get_current_timezone_name() == zone
    assert context.today().isoformat() == DAY_OF[zone]


def test_a_splitter_condition_counts_by_the_companys_day(clock, make_user, make_project, zone):
    """SPLIT-1: a lead goes to the same seller, whoever entered it and wherever."""
    from kanal.entities.leads.models import Lead
    from kanal.entities.splitter import conditions

    settings.set_setting(context.ZONE, zone)
    lead = writes.create(registry.get("leads"), {"subject": "Heat pump", "project": make_project().pk}, by=SYSTEM)
    for day in DAY_OF.values():
        tree = conditions.compiled(conditions.parse_conditions(f"received_at:is({day})"))
        with context.Context.of(make_user(time_zone="Asia/Tokyo")).active():
            assert Lead.objects.filter(tree, pk=lead.pk).exists() == (day == DAY_OF[zone])


def test_rates_are_those_of_the_readers_day(reader, zone):
    """Exchange rates of the day: tomorrow's is today's where it is tomorrow already."""
    dollar = Currency.objects.get_or_create(code="USD", defaults={"in_use": True})[0]
    Currency.objects.filter(pk=dollar.pk).update(in_use=True)
    for number, day in enumerate(sorted(DAY_OF.values()), 1):
        ExchangeRate.objects.create(currency=dollar, day=day, rate=number)
    invalidate()
    with context.Context.of(reader).active():
        assert currencies.rates()["USD"] == sorted(DAY_OF.values()).index(DAY_OF[zone]) + 1


def test_who_chose_no_zone_has_the_companys(clock, client, make_user, zone):
    """ACC-9: “Default: the company's time zone.”"""
    settings.set_setting(context.ZONE, zone)
    user = make_user(user_type="administrator")
    assert context.Context.of(user).day.isoformat() == DAY_OF[zone]
    client.force_login(user)
    assert DAY_OF[zone] in client.get(f"{LIST}export.csv")["Content-Disposition"]


def test_an_actor_of_a_context_writes_by_its_means(reader):
    """HIST-1: the source of a change travels too."""
    actor = context.Context.of(reader, ChangeSource.IMPORT, "request-1").actor()
    assert actor == Actor(reader, ChangeSource.IMPORT, "", "request-1")
