"""Saved views by mail, and notices of records that enter or leave a filter (LIST-3a, LIST-7)."""

import datetime as dt
from html import unescape

import pytest
from django.core import mail as outbox
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import query, registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.context import ARGUMENT, Context
from kanal.core.models import FieldVisibility, RoleRule, SavedFilter
from kanal.features.savedviews.models import ViewMail, Watch
from kanal.kit.errors import Withdrawn
from kanal.web.savedfilters import jobs

pytestmark = pytest.mark.django_db
ALL = {"ships": ("all", ["view", "export"])}
NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


def saved_filter(owner, text="rig:any(sloop)", **values):
    return SavedFilter.objects.create(
        name="Sloops", entity="ships", owner=owner, tree=query.to_json(query.parse(text)), **values
    )


@pytest.fixture
def reader(make_user):
    return make_user(ALL, language="de", time_zone="Australia/Sydney")


@pytest.fixture
def mailed(client, reader):
    """Return the mail of a view that its receiver has ordered by the page."""
    saved = saved_filter(reader, columns=["name", "price", "launched"])
    client.force_login(reader)
    given = {"do": "start", "rhythm": "weekly", "weekday": "2", "hour": "0"}
    assert client.post(f"/saved-filters/{saved.pk}/mail", given).status_code == 302
    return ViewMail.objects.get()


def send(mail):
    """Send a mail as the worker does: with the context of its receiver."""
    with jobs.context_for(mail).active():
        jobs.send_view(mail_id=mail.pk)


def text_of(message):
    return message.body + message.alternatives[0][0]


def test_a_view_is_mailed_when_its_receiver_wants_it(mailed, time_machine):
    """LIST-7: each mail is queued once, with user, zone, language and day."""
    assert mailed.next_at.astimezone(Context.of(mailed.user).tzinfo).strftime("%w %H") == "3 00"
    time_machine.move_to(mailed.next_at - dt.timedelta(minutes=1))
    jobs.mail_due_views()
    assert not ProcrastinateJob.objects.filter(task_name="savedviews.send_view").exists()
    time_machine.move_to(mailed.next_at + dt.timedelta(days=15))
    jobs.mail_due_views()
    jobs.mail_due_views()
    queued = ProcrastinateJob.objects.get(task_name="savedviews.send_view")
    context = queued.args[ARGUMENT]
    assert (context["user_id"], context["zone"], context["language"]) == (mailed.user.pk, "Australia/Sydney", "de")
    assert context["day"] == str(timezone.localdate(timezone=Context.of(mailed.user).tzinfo))
    mailed.refresh_from_db()
    assert mailed.next_at > timezone.now()


def test_a_mail_holds_what_its_receiver_sees(mailed, make_ship):
    """LIST-7: rows and file in the receiver's language, with links to the address at which they use Kanal."""
    ship = make_ship(name="Fram <b>", rig="sloop", price={"amount": "1234.5", "currency": "EUR"}, launched="2026-01-02")
    make_ship(name="Gjoa", rig="ketch")
    send(mailed)
    (message,) = outbox.outbox
    assert message.to == [mailed.user.email]
    assert message.subject.startswith("Sloops: ")
    text = text_of(message)
    assert f"http://testserver/fakes/ships/{ship.pk}/" in text
    assert "1.234" in text, "a German reader's number"
    assert "Gjoa" not in text
    assert "<b>" not in message.alternatives[0][0]
    ((name, content, kind),) = message.attachments
    assert name.endswith(".csv")
    assert "Fram <b>" in content
    assert kind == "text/csv"
    mailed.refresh_from_db()
    assert mailed.sent_at


def test_a_mail_holds_nothing_hidden(mailed, make_ship):
    """ACC-5, ACC-6, ACC-7: a record, a column, and the file follow the receiver's rights at that moment."""
    make_ship(name="Fram", rig="sloop", price={"amount": "777", "currency": "EUR"})
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["director"])
    RoleRule.objects.filter(entity="ships", role__assignments__user=mailed.user).update(actions=["view"])
    invalidate()
    send(mailed)
    (message,) = outbox.outbox
    assert "Fram" in text_of(message)
    assert "777" not in text_of(message)
    assert not message.attachments
    outbox.outbox.clear()
    RoleRule.objects.filter(entity="ships", role__assignments__user=mailed.user).update(visibility="own")
    invalidate()
    mail = ViewMail.objects.get(pk=mailed.pk)
    send(mail)
    assert "Fram" not in text_of(outbox.outbox[0])


def deactivate(mail):
    writes.change(mail.user, {"is_active": False}, by=SYSTEM)


def break_filter(mail):
    SavedFilter.objects.filter(pk=mail.saved_id).update(tree={"field": "gone", "op": "set"})


def hide_field(mail):
    SavedFilter.objects.filter(pk=mail.saved_id).update(tree=query.to_json(query.parse("price:set")))
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["director"])
    invalidate()


def withdraw(mail):
    RoleRule.objects.filter(entity="ships", role__assignments__user=mail.user).delete()
    invalidate()


@pytest.mark.parametrize(
    ("change", "reason", "is_told"),
    [
        (lambda mail: mail.saved.delete(), "The saved filter was deleted.", True),
        (break_filter, "There is no field “gone”", True),
        (hide_field, "There is no field “price”", True),
        (withdraw, "You may no longer see these records.", True),
        (deactivate, "The receiver is no longer active.", False),
    ],
    ids=["filter gone", "filter invalid", "field hidden", "right withdrawn", "user gone"],
)  # fmt: skip
def test_a_mail_that_can_not_go_on_stops_with_the_reason(mailed, make_ship, change, reason, is_told):
    make_ship(name="Fram", rig="sloop")
    writes.change(mailed.user, {"language": "en"}, by=SYSTEM)
    change(mailed)
    mail = ViewMail.objects.select_related("user").get(pk=mailed.pk)
    with pytest.raises(Withdrawn, match=reason):
        send(mail)
    mail.refresh_from_db()
    assert reason in mail.problem
    assert mail.next_at is None
    assert len(outbox.outbox) == is_told
    assert all(reason in text_of(message) and "Fram" not in text_of(message) for message in outbox.outbox)
    jobs.mail_due_views()
    assert not ProcrastinateJob.objects.filter(task_name="savedviews.send_view").exists()


def test_a_cancelled_mail_is_not_sent(mailed, client):
    client.post(f"/saved-filters/{mailed.saved_id}/mail", {"do": "stop"})
    send(mailed)
    assert not outbox.outbox


def test_a_daily_mail_needs_no_weekday(client, reader):
    saved = saved_filter(reader)
    client.force_login(reader)
    answer = client.post(f"/saved-filters/{saved.pk}/mail", {"do": "start", "rhythm": "daily", "hour": "8"})
    assert (answer.status_code, ViewMail.objects.get().hour) == (302, 8)


def test_a_time_that_is_none_is_refused(client, reader):
    saved = saved_filter(reader)
    client.force_login(reader)
    for given in ({"rhythm": "hourly", "weekday": "0", "hour": "8"}, {"rhythm": "daily", "weekday": "0", "hour": "24"}):
        assert client.post(f"/saved-filters/{saved.pk}/mail", given).status_code == 422
    assert not ViewMail.objects.exists()


@pytest.fixture
def watched(client, reader, make_ship):
    """Return a watch of sloops, of which one is there."""
    writes.change(reader, {"language": "en"}, by=SYSTEM)
    make_ship(name="Fram", rig="sloop")
    saved = saved_filter(reader)
    client.force_login(reader)
    assert client.post(f"/saved-filters/{saved.pk}/watch", {"do": "start"}).status_code == 302
    return Watch.objects.select_related("user").get()


def check(watch):
    with jobs.context_for(watch).active():
        jobs.check_watch(watch_id=watch.pk)


def test_one_is_told_when_a_record_enters_or_leaves(watched, make_ship):
    """LIST-3a: by any means, each change once."""
    check(watched)
    assert not outbox.outbox
    ships = registry.get("ships")
    fram = ships.model.objects.get(name="Fram")
    writes.change(fram, {"rig": "ketch"}, by=SYSTEM)
    gjoa = make_ship(name="Gjoa", rig="sloop")
    jobs.check_watches()
    assert ProcrastinateJob.objects.get(task_name="savedviews.check_watch").args["watch_id"] == watched.pk
    for _twice in range(2):
        check(watched)
    (message,) = outbox.outbox
    assert message.subject == "Sloops: 1 entered, 1 left"
    for part in ("Entered", "Gjoa", "Left", "Fram", f"http://testserver/fakes/ships/{gjoa.pk}/"):
        assert part in text_of(message)


def test_a_record_that_one_no_longer_sees_leaves_without_a_name(watched):
    RoleRule.objects.filter(entity="ships", role__assignments__user=watched.user).update(visibility="own")
    invalidate()
    check(watched)
    (message,) = outbox.outbox
    assert "1 other record" in text_of(message)
    assert "Fram" not in text_of(message)


def test_a_filter_of_too_many_records_is_not_watched(client, watched, reader, make_ship, monkeypatch):
    monkeypatch.setattr("kanal.features.savedviews.subscriptions.MOST_WATCHED", 1)
    make_ship(name="Gjoa", rig="sloop")
    check(watched)
    watched.refresh_from_db()
    assert "too many records" in watched.problem
    answer = client.post(f"/saved-filters/{watched.saved_id}/watch", {"do": "start"})
    assert answer.status_code == 422
    assert "Add a condition" in unescape(answer.content.decode())


def test_the_page_of_a_filter_says_where_it_is_used(client, watched, reader, admin, make_user):
    """LIST-3a: filters that name it, defaults, mails; a stranger sees nothing."""
    other = saved_filter(admin, f"saved:any({watched.saved_id})")
    client.force_login(admin)
    SavedFilter.objects.filter(pk=watched.saved_id).update(audience="public", default_for={"users": [reader.pk]})
    page = unescape(client.get(f"/saved-filters/{watched.saved_id}/").content.decode())
    for part in ("Saved filter: Sloops", f"/saved-filters/{other.pk}/", "Default of 1 other user", "Watched by 1 user"):
        assert part in page, part
    assert "Watched by 1 user" in client.get(f"/saved-filters/{watched.saved_id}/delete").content.decode()
    client.force_login(make_user({"ships": ("all", ["view"])}))
    page = unescape(client.get(f"/saved-filters/{watched.saved_id}/").content.decode())
    assert "Watched by" not in page
    assert "1 other filter" in page
    SavedFilter.objects.update(audience="private")
    assert client.get(f"/saved-filters/{watched.saved_id}/").status_code == 404
    for end in ("mail", "watch"):
        assert client.post(f"/saved-filters/{watched.saved_id}/{end}", {"do": "start"}).status_code == 404
