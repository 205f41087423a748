"""Receiving, identifying and replaying (INTAKE-1 to INTAKE-4)."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.entities.intake.actions import Post, TooLargeError, receive, replay
from kanal.entities.intake.models import Intake, RawPost
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.intake.reading import of_lead
from kanal.entities.leads import actions as lead_actions
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make, make_project, make_user
from kanal.features.comments.models import Comment
from kanal.kit.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def make_source(**values):
    return make("intake-sources", **{"name": "Web site", "default_project": make_project().pk, **values})


def send(source, data, **values):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return receive(source.key, Post(body, "application/json", **values))


def handled(source, data, **values):
    send(source, data, **values)
    process_batch()
    return Intake.objects.order_by("id").last()


def test_intake_1_a_post_becomes_a_lead():
    seller = make_user()
    make("splitter-filters", name="All", shares=[{"user": seller.pk, "percent": 100}])
    source = make_source(field_mapping={"fixed": {"utm_source": "newsletter"}})
    assert len(source.key) >= 32
    receipt = send(source, {"name": "Anna Berg", "email": "Anna@Nordlys.example", "country": "Norway"})
    assert (receipt.items, Lead.objects.count()) == (None, 0)
    assert process_batch() == 1
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.country, lead.channel) == ("Anna Berg", "anna@nordlys.example", "NO", "api")
    assert (lead.assignee, lead.project, lead.utm_source) == (seller, source.default_project, "newsletter")
    steps = of_lead(lead, make_user(user_type="administrator"))["intakes"][0]["steps"]
    assert [step["step"] for step in steps] == ["received", "normalized", "identified", "split"]
    assert process_batch() == 0


def test_intake_1_a_list_is_answered_with_the_ids():
    receipt = send(make_source(), [{"email": f"p{n}@a.example"} for n in range(60)])
    assert len(receipt.items) == 60
    while process_batch():
        continue
    assert Lead.objects.count() == 60


def test_intake_1_wrong_key_signature_origin_and_size():
    with pytest.raises(NotFound):
        receive("unknown", Post(b"{}"))
    source = make_source(hmac_secret="hush", allowed_web_origins="https://www.kanal.example")
    body = b'{"email": "a@b.example"}'
    with pytest.raises(NotAllowed):
        send(source, body, signature="sha256=00")
    signature = "sha256=" + hmac.new(b"hush", body, hashlib.sha256).hexdigest()
    with pytest.raises(NotAllowed):
        send(source, body, signature=signature, origin="https://evil.example")
    assert send(source, body, signature=signature, origin="https://www.kanal.example")
    with pytest.raises(TooLargeError):
        send(source, b" " * 1_000_001)
    with pytest.raises(TooLargeError):
        send(make_source(), [{}] * 1001)
    writes.change(source, {"is_active": False}, by=SYSTEM)
    with pytest.raises(NotFound):
        send(source, body)


def test_intake_2_a_repeat_is_answered_with_the_first_id():
    source, other = make_source(), make_source()
    first = send(source, {"email": "a@b.example"}, idempotency_key="k1")
    assert send(source, {"email": "changed@b.example"}, idempotency_key="k1") == first
    assert send(source, {"email": "a@b.example"}) == first
    assert send(other, {"email": "a@b.example"}) != first
    RawPost.objects.update(received_at=timezone.now() - timedelta(minutes=11))
    assert send(source, {"email": "a@b.example"}) != first
    assert send(source, {"email": "x@b.example"}, idempotency_key="k1") == first


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("values", [{}, {"idempotency_key": "k"}])
def test_intake_2_one_of_many_repeats_at_once_is_stored(values):
    source = make_source()
    ready, receipts = threading.Barrier(4), []

    def post():
        ready.wait()
        receipts.append(send(source, {"email": "a@b.example"}, **values))
        connections.close_all()

    threads = [threading.Thread(target=post) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(receipts), len({r.id for r in receipts}), RawPost.objects.count()) == (4, 1, 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_intake_3_several_workers_make_each_lead_once():
    source = make_source()
    people = [{"email": f"p{n % 30}@a.example", "description": f"Wish {n}"} for n in range(60)]
    send(source, people)
    problems = []

    def work():
        try:
            while process_batch(7):
                continue
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert (Lead.objects.count(), Intake.objects.filter(state="done").count()) == (30, 60)


def test_intake_2_what_is_not_understood_needs_attention_and_is_replayed():
    source = make_source()
    send(source, b"{broken")
    row = Intake.objects.get()
    assert (row.state, bool(row.reason)) == ("attention", True)
    with pytest.raises(Invalid):
        replay(row, by=SYSTEM)
    writes.change(row, {"data": {"unreadable": '{"email": "a@b.example"}'}}, by=SYSTEM)
    replay(Intake.objects.get(), by=SYSTEM)
    assert (Intake.objects.get().state, Lead.objects.get().email) == ("done", "a@b.example")


@pytest.mark.parametrize(
    "data",
    [
        {"hello": "world"},
        {"email": "no address"},
        {"last_name": "Berg", "priority": "high"},
        {"email": ["x"]},
        {"name": "Anna Berg", "phone": "-", "email": "anna@"},
    ],
)
def test_intake_2_wrong_values_need_attention_with_the_reason(data):
    row = handled(make_source(), data)
    assert (row.state, bool(row.reason), Lead.objects.count()) == ("attention", True, 0)
    writes.change(row, {"data": {"email": "a@b.example"}}, by=SYSTEM)
    replay(row, by=SYSTEM)
    assert Lead.objects.count() == 1


def note_of(lead):
    return " ".join(Comment.objects.filter(entity="leads", record_id=lead.pk).values_list("text", flat=True))


@pytest.mark.parametrize(
    ("data", "left"),
    [
        ({"email": "a@b.example", "phone": "call me"}, "call me"),
        ({"email": "a@b.exam ple", "phone": "22334455"}, "a@b.exam ple"),
        ({"email": "a@b.example", "priority": "High"}, "High"),
        ({"email": "a@b.example", "value": "12.500"}, "12.500"),
        ({"email": "a@b.example", "country": "Atlantis"}, "Atlantis"),
        ({"email": "a@b.example", "channel": "Pigeon"}, "Pigeon"),
        ({"email": "a@b.example", "job_title": {"x": "Boss", "y": "Chief"}}, "Boss"),
        ({"email": "a@b.example", "How many boats?": "seven"}, "seven"),
        ({"email": "a@b.example", "name": "Ing. Jiří Novák, Ph.D."}, "Ph.D."),
    ],
)
def test_intake_2_what_can_not_be_read_is_a_note_on_the_lead(data, left):
    row = handled(make_source(), data)
    assert row.state == "done"
    assert left in note_of(row.lead)
    assert left in json.dumps(of_lead(row.lead, make_user(user_type="administrator"))["intakes"][0]["steps"])
    lead_actions.anonymize(row.lead, by=SYSTEM)
    row.refresh_from_db()
    assert left not in json.dumps([row.data, row.steps, row.reason, row.name])


def test_intake_2_lost_letters_need_attention():
    row = handled(make_source(), {"email": "a@b.example", "last_name": "J\ufffdrgen"})
    assert (row.state, "encoding" in row.reason) == ("attention", True)
    writes.change(row, {"data": {"email": "a@b.example", "last_name": "Jørgen"}}, by=SYSTEM)
    replay(row, by=SYSTEM)
    assert Lead.objects.get().last_name == "Jørgen"


def test_intake_1_a_list_under_a_key_is_answered_with_ids():
    source = make_source(field_mapping={"list": "leads", "fixed": {"utm_source": "fair"}})
    receipt = send(source, {"leads": [{"email": "a@b.example"}, {"email": "b@b.example"}]})
    process_batch()
    assert sorted(Intake.objects.values_list("pk", flat=True)) == receipt.items
    assert {lead.utm_source for lead in Lead.objects.all()} == {"fair"}


def test_an_answered_id_is_the_received_lead_s():
    """However far the ids of posts are from those of received leads; a repeat is answered with the same."""
    source = make_source()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('intake_rawpost', 'id'), 900000)")
    several = [{"email": "b@b.example"}, {"email": "c@b.example"}]
    single, many = send(source, {"email": "a@b.example"}), send(source, several)
    assert Intake.objects.get(pk=single.id).data == {"email": "a@b.example"}
    assert [Intake.objects.get(pk=pk).data["email"] for pk in many.items] == ["b@b.example", "c@b.example"]
    assert many.id == many.items[0]
    assert (send(source, {"email": "a@b.example"}), send(source, several)) == (single, many)


def test_intake_2_one_wrong_entry_does_not_hold_up_the_list():
    send(make_source(), [{"email": "a@b.example"}, "text", {"email": "b@b.example"}])
    process_batch()
    assert sorted(Intake.objects.values_list("state", flat=True)) == ["attention", "done", "done"]


def test_intake_4_an_open_lead_of_the_same_person_is_touched_again():
    source = make_source()
    first = handled(source, {"email": "anna@nordlys.example", "message": "Pumps"}).lead
    second = handled(source, {"email": "anna@nordlys.example", "message": "Now pipes", "phone": "+4722334455"}).lead
    assert (second, Lead.objects.count()) == (first, 1)
    assert (second.phone, second.description) == ("+4722334455", "Pumps\n\nNow pipes")
    assert len(of_lead(second, make_user())["intakes"]) == 2
    lead_actions.disqualify(second, {"status": "no_interest"}, by=SYSTEM)
    assert handled(source, {"email": "anna@nordlys.example", "message": "Again"}).lead != first


def test_lead_8_anonymizing_removes_the_raw_intake():
    source = make_source()
    send(source, [{"email": "anna@nordlys.example"}, {"email": "ole@nordlys.example"}])
    process_batch()
    lead_actions.anonymize(Lead.objects.get(email="anna@nordlys.example"), by=SYSTEM)
    kept = bytes(RawPost.objects.get().body) + json.dumps(list(Intake.objects.values_list("data", flat=True))).encode()
    assert b"anna" not in kept
    assert b"ole" in kept
