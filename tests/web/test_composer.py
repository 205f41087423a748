"""The composer above a record's timeline: what it stores, what it refuses, and for whom (DET-3a, UX-3)."""

import json

import pytest
from django.utils import timezone

from kanal.core import registry
from kanal.core.access import has_permission
from kanal.features.comments.models import Comment
from tests.web.typing_in import record_of

NOTED = pytest.mark.parametrize("key", [entity.key for entity in registry.all_entities() if entity.has_comments])
LOGGED = pytest.mark.parametrize("key", ["leads", "opportunities", "accounts", "contacts", "partners"])
OF = {"leads": "lead", "opportunities": "opportunity", "accounts": "account", "contacts": "contact"}
OF["partners"] = "partner"


def script(url):
    """Return the headers of a script on a page."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}"}


def compose(client, url, kind, **typed):
    """Post to the composer as its script does."""
    return client.post(f"{url}compose?kind={kind}", typed, headers=script(url))


def events_of(answer):
    """Return the events that an answer triggers on the page."""
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return json.loads(answer["HX-Trigger"])


def newest_activity():
    """Return the activity that was made last."""
    return registry.get("activities").model.objects.order_by("-pk").first()


@NOTED
def test_every_type_with_comments_has_a_composer(world, browse, key):
    """DET-3a: a note is stored, and the page is told to show its parts again."""
    record, client = record_of(world, key), browse()
    url = registry.get(key).url(record.pk)
    assert 'id="composer"' in client.get(url).content.decode()
    events = events_of(compose(client, url, "note", text="They want sails\n& oars"))
    assert "record:changed" in events
    assert Comment.objects.get(entity=key, record_id=record.pk).text == "<div>They want sails<br>&amp; oars</div>"
    assert "They want sails<br>&amp; oars" in client.get(url).content.decode()


@LOGGED
def test_a_call_stands_on_its_record_done_now(world, browse, key):
    """UX-3: with its outcome and a proposed subject; what follows is offered."""
    record, client = record_of(world, key), browse()
    url = registry.get(key).url(record.pk)
    events = events_of(compose(client, url, "call", outcome="Reached", subject="", next_step="", next_start=""))
    call = newest_activity()
    assert (getattr(call, f"{OF[key]}_id"), call.category.key, call.done) == (record.pk, "call", True)
    assert (call.subject, call.outcome) == (f"Call with {record}"[:200], "Reached")
    assert (call.assignee, call.start) == (world.users["administrator"], call.end)
    assert abs((timezone.now() - call.start).total_seconds()) < 60
    assert "What comes next?" in client.get(events["toast"]["dialog"]).content.decode()
    assert "logged a call" in client.get(url).content.decode()


@LOGGED
def test_a_task_is_planned(world, browse, key):
    """DET-3a: it stands above what has happened, and is an open activity of its assignee."""
    record, client = record_of(world, key), browse()
    url = registry.get(key).url(record.pk)
    events_of(compose(client, url, "task", subject="Send the offer", start="2030-05-06T09:00", assignee=""))
    task = newest_activity()
    assert (getattr(task, f"{OF[key]}_id"), task.category.key, task.done) == (record.pk, "task", False)
    text = client.get(url).content.decode().partition('id="timeline"')[2]
    assert text.index(">Planned<") < text.index("Send the offer")


@pytest.mark.parametrize(("done", "message"), [("", "Planned: Kick-off"), ("true", "Logged: Kick-off")])
def test_a_meeting_is_planned_or_was_held(world, browse, done, message):
    """DET-3a: as one says, with its place and time."""
    lead = world.find("leads")
    typed = {"text": "Agenda", "subject": "Kick-off", "start": "2026-05-06T09:00", "end": "2026-05-06T10:00"}
    answer = compose(browse(), f"/crm/leads/{lead.pk}/", "meeting", **typed, place="Oslo", done=done)
    assert events_of(answer)["toast"]["text"] == message
    meeting = newest_activity()
    assert (meeting.place, meeting.text, meeting.done) == ("Oslo", "Agenda", bool(done))


def test_a_next_step_with_a_date_becomes_an_activity(world, browse):
    """NAV-4: in the same step, on the same records."""
    lead = world.find("leads")
    typed = {"text": "Sent the brochure", "subject": "", "next_step": "Call again", "next_start": "2030-05-06T09:00"}
    events = events_of(compose(browse(), f"/crm/leads/{lead.pk}/", "email", **typed))
    assert "dialog" not in events["toast"]
    step = newest_activity()
    assert (step.subject, step.lead, step.done) == ("Call again", lead, False)
    assert step.assignee == world.users["administrator"]


def test_a_next_step_without_a_date_is_only_noted(world, browse):
    """NAV-4: it fills in the dialog that is offered."""
    lead = world.find("leads")
    typed = {"outcome": "", "subject": "", "next_step": "Call again", "next_start": ""}
    events = events_of(compose(browse(), f"/crm/leads/{lead.pk}/", "call", **typed))
    assert newest_activity().next_step == "Call again"
    assert 'value="Call again"' in browse().get(events["toast"]["dialog"]).content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        ("note", {"text": "  "}, "Write something first."),
        ("meeting", {"text": "Agenda", "subject": "Kick-off", "start": "soon"}, "start"),
        ("meeting", {"text": "Agenda", "start": "2030-05-06T09:00", "end": "2030-05-05T09:00"}, "before the start"),
        ("task", {"subject": "S" * 201, "start": ""}, "200"),
    ],
)
def test_a_refusal_keeps_what_was_typed(world, browse, kind, typed, reason):
    """FORM-1: the errors stand at their fields; nothing is stored."""
    lead = world.find("leads")
    before = registry.get("activities").model.objects.count()
    answer = compose(browse(), f"/crm/leads/{lead.pk}/", kind, **typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert reason in text
    for value in filter(str.strip, typed.values()):
        assert value in text or value == "soon"
    assert registry.get("activities").model.objects.count() == before
    assert not Comment.objects.exists()


def test_without_scripts_it_is_a_form_that_leads_back(world, browse):
    """UX-1: every kind is a link to a page with its form."""
    lead = world.find("leads")
    url = f"/crm/leads/{lead.pk}/"
    assert "<html" in browse().get(f"{url}compose?kind=call").content.decode()
    answer = browse().post(f"{url}compose?kind=call", {"outcome": "Reached", "subject": "Hello"}, follow=True)
    assert answer.redirect_chain == [(url, 302)]
    assert "Logged: Hello" in answer.content.decode()


@pytest.mark.parametrize("name", ["administrator", "director", "representative", "partner", "read-only", "stranger"])
@pytest.mark.parametrize("kind", ["note", "call", "meeting", "email", "task"])
def test_nobody_writes_what_they_may_not(world, browse, name, kind):
    """ACC-2: what isn't offered is refused, and what is offered is stored; a hidden record is not there."""
    lead, client = world.find("leads"), browse(name)
    url = f"/crm/leads/{lead.pk}/"
    page = client.get(url)
    typed = {"text": "Hello", "outcome": "Hello", "subject": "Hello", "start": "2030-05-06T09:00"}
    answer = compose(client, url, kind, **typed)
    if page.status_code == 404:
        assert answer.status_code == 404
    elif f'data-compose="{kind}"' in page.content.decode():
        assert answer.status_code == 200
        assert "Hello" in client.get(url).content.decode()
    else:
        assert answer.status_code == 403
        assert kind == "note" or not has_permission(world.users[name], registry.get("activities"), "add")


def test_a_kind_that_a_type_does_not_have_is_not_found(world, browse):
    """DET-3a: a call isn't logged on a campaign; nonsense is nothing."""
    campaign = record_of(world, "campaigns")
    url = registry.get("campaigns").url(campaign.pk)
    for kind in ("call", "nonsense", "%00"):
        assert compose(browse(), url, kind, outcome="x").status_code == 404


def test_an_external_user_writes_nothing_private(world, browse):
    """ACC-8: the box isn't there, and a forged one is ignored."""
    lead = world.find("leads")
    url, client = f"/crm/leads/{lead.pk}/", browse("partner")
    assert 'name="is_private"' not in client.get(url).content.decode()
    events_of(compose(client, url, "note", text="Hello", is_private="true"))
    assert not Comment.objects.get().is_private


def test_an_ended_session_leads_back_to_the_record(world, browse):
    """ACC-9: after signing in one is where one was, and the browser has kept what was typed."""
    lead = world.find("leads")
    url = f"/crm/leads/{lead.pk}/"
    answer = compose(browse("anonymous"), url, "note", text="Hello")
    assert answer["HX-Redirect"] == f"/login/?next=%2Fcrm%2Fleads%2F{lead.pk}%2F"
    assert not Comment.objects.exists()
    stranger = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example//evil.example/x"}
    answer = browse("anonymous").post(f"{url}compose?kind=note", {}, headers=stranger)
    assert answer["HX-Redirect"].startswith("/login/")
    assert "elsewhere" not in answer["HX-Redirect"]
