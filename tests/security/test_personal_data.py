"""After Anonymize a person is found nowhere: no table, index, file, mail or log holds a value of theirs (LEAD-8)."""

import io
import json
import logging
import zipfile
from email.message import EmailMessage

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from kanal.api.models import KeptAnswer
from kanal.core import administration, audit, job_progress, registry, tokens, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.models import SavedFilter
from kanal.entities.activities.models import Activity
from kanal.entities.intake.models import Intake, RawPost
from kanal.entities.leads.tests.factories import make, make_project
from kanal.entities.splitter.models import Receipt
from kanal.features.comments.models import Comment
from kanal.features.files.actions import attach
from kanal.features.importing.models import Import, Refusal

MAIL, PHONE, NUMBER = "zora.zqmail@zqhost.example", "+4741238765", "412 38 765"
PERSON = {
    "first_name": "Zqfirst", "last_name": "Zqlast-Zqsecond", "job_title": "Zqjob of all", "email": MAIL,
    "phone": PHONE, "street": "Zqstreet 14", "postcode": "ZQ-4711", "description": "Zqdescription of the person",
}  # fmt: skip
OF_LEADS = {"subject": "Zqsubject wanted", "website": "https://zqsite.example/me", "consent": "Zqconsent given",
            "utm_term": "zqterm", "utm_content": "zqcontent"}  # fmt: skip
OF_CONTACTS = {"title": "Zqtitle", "mobile": "+4741238766", "city": "Zqcity"}
TRACES = ("zqfirst", "zqlast", "zqsecond", "zora.zqmail", "zqhost", "41238765", "412 38 765", "41238766", "zqjob",
          "zqstreet", "zq-4711", "zqdescription", "zqsubject", "zqsite", "zqconsent", "zqterm", "zqcontent", "zqtitle",
          "zqcity", "zqcustom", "zqearlier", "zqoff", "zqraw", "zqlást", "zqhome", "zqskype")  # fmt: skip


def found_in_database():
    """List where a trace stands: each text, JSON, list or byte column of each table, and the index of search."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea', 'tsvector')"
        )
        columns, matches = cursor.fetchall(), []
        for table, column, kind in columns:
            text = f"convert_from(\"{column}\", 'LATIN1')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(
                f'SELECT {text} FROM "{table}" WHERE lower({text}) LIKE ANY(%s)', [[f"%{trace}%" for trace in TRACES]]
            )
            matches += [f"{table}.{column}: {row[0][:300]}" for row in cursor.fetchall()]
    return matches


def traces_in(text):
    """List the traces in a text."""
    return [trace for trace in TRACES if trace in text.lower()]


@pytest.fixture
def custom(by):
    """Give custom fields on leads and contacts, one of which is switched off after it was filled in."""
    for entity in ("leads", "contacts"):
        for name in ("Nickname", "Old"):
            administration.save_custom_field(
                None, {"entity": entity, "name": name, "kind": "text", "searchable": True}, by=by
            )


@pytest.fixture
def outbox(tmp_path, settings):
    """Keep mails in a folder, as an installation without a mail server does."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def document(text):
    """Make a packed document in which a word is formatted in two pieces."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as parts:
        runs = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in text)
        parts.writestr("word/document.xml", f"<w:document><w:body><w:p>{runs}</w:p></w:body></w:document>")
        parts.writestr("[Content_Types].xml", "<Types/>")
    return stored.getvalue()


def spread(record, user, outbox):
    """Make every kind of thing that may carry what tells of the person."""
    entity, column = registry.of(record), registry.of(record).key.removesuffix("s")
    by = Actor(user, ChangeSource.IMPORT)
    writes.change(record, {"email": "zqearlier@zqhost.example", "custom.nickname": "zqearlier"}, by=by)
    writes.change(record, {"email": MAIL, "custom.nickname": "zqcustom"}, by=by)
    activity = make("activities", subject=f"Call with {record}", category="call", text=f"Zqfirst: ring {NUMBER}",
                    outcome=f"Mr. Zqsecond wants it by {MAIL.upper()}",
                    next_step="Ask Zqlast", **{column: record.pk})  # fmt: skip
    writes.change(activity, {"next_step": "Meet Zqfirst Zqlast-Zqsecond"}, by=by)
    spread_far(record, user, by)
    comment = (
        f"<div>Spoke to <b>Zqfirst</b> (<a href='mailto:{MAIL}'>{MAIL}</a>, 0047 {NUMBER}). He likes zqfirstly</div>"
    )
    for key, pk in ((entity.key, record.pk), ("activities", activity.pk)):
        Comment.objects.create(entity=key, record_id=pk, text=comment.replace("zqfirstly", "pumps"), author=user)
        attach(registry.get(key), pk, "Zqlast.txt", b"Zqfirst Zqlast-Zqsecond", by=SYSTEM)
    elsewhere = make("activities", subject="Other", category="call", account=account().pk)
    Comment.objects.create(entity="activities", record_id=elsewhere.pk, text=f"See {MAIL}", author=user)
    attach(registry.get("activities"), activity.pk, "offer.docx", document(["For Zqfi", "rst Zqlast"]), by=SYSTEM)
    attach(registry.get("activities"), activity.pk, "offer.pdf", b"%PDF-1.7 packed", by=SYSTEM)
    attach(registry.get("activities"), activity.pk, "plan.txt", b"Nobody", by=SYSTEM)
    run = Import.objects.create(entity=entity.key, user=user, name="people.csv", content=f"mail\n{MAIL}".encode(),
                                finished_at=record.updated_at.replace(year=2100))  # fmt: skip
    Import.objects.filter(pk=run.pk).update(created_at=record.created_at.replace(year=2001))
    Refusal.objects.create(run=run, line=2, cells=[MAIL, "x"], reason=f"{PHONE} is there already")
    KeptAnswer.objects.create(user=user, key="one", request=b"x", status=201, at=record.created_at,
                              body=json.dumps({"email": MAIL}).encode())  # fmt: skip
    job_progress.create_progress(f"Mail to {MAIL}", user, question=MAIL)
    audit.note(audit.Kind.EXPORT, user, f"email:is({MAIL})")
    SavedFilter.objects.create(owner=user, entity=entity.key, name="His", tree={"values": [MAIL]})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'x.y', %s::jsonb)",
            [json.dumps({"facts": {"to": MAIL}})],
        )
    write_mails(outbox)
    return activity


def write_mails(outbox):
    """Write a mail to the person and one to somebody else, as a server without a mail server keeps them."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = MAIL, "Zqfirst Zqlast-Zqsecond"
    mail.set_content("Dear Zqfirst")
    (outbox / "20260101-1.log").write_bytes(mail.as_bytes() + b"\n" + b"-" * 79 + b"\n")
    (outbox / "20260101-2.log").write_bytes(b"To: other@example.com\n\nHello\n" + b"-" * 79 + b"\n")


def spread_far(record, user, by):
    """Write of the person in a record that was deleted, far from theirs, in other spellings, and in another import."""
    entity = registry.of(record)
    writes.delete(make("activities", subject="Zqlast", category="call", text=f"Zqfirst, {NUMBER}",
                       **{entity.key.removesuffix("s"): record.pk}), by=by)  # fmt: skip
    far = make("activities", subject="Far", category="call", account=account().pk,
               text=f"Ask {MAIL.replace('@', '+news@')}, 0047/{NUMBER.replace(' ', '.')}")  # fmt: skip
    writes.change(far, {"next_step": f"mailto:{MAIL.replace('@', '%40')}"}, by=by)
    writes.change(far, {"next_step": "None"}, by=by)
    Comment.objects.create(entity=entity.key, record_id=record.pk, author=user,
                           text=f"Mr. ZQLÁST, {MAIL.replace('@', ' (at) ')}, 0047 41 23 87 65")  # fmt: skip
    Import.objects.create(entity="campaigns", user=user, name="else.csv", finished_at=record.updated_at,
                          content=f"name\n{MAIL}".encode())  # fmt: skip


def account():
    """Return an account."""
    return make("accounts", organization="Fjordkraft", type="organization")


def came_by_intake(lead):
    """Let the lead be one of a list that came by the intake, beside a post that waits and names the same person."""
    source = make("intake-sources", name="Site", default_project=make_project().pk)
    for place, (row, state) in enumerate(((lead, "done"), (None, "attention"))):
        entries = [{"email": MAIL, "note": "zqraw"}, {"email": "other@example.com"}]
        post = RawPost.objects.create(
            source=source, received_at=lead.created_at, body=json.dumps(entries).encode(), body_hash=b"x", is_list=True,
            idempotency_key=f"{MAIL}{place}", headers={"From": MAIL},
        )  # fmt: skip
        Intake.objects.create(source=source, post=post, lead=row, data=entries[0], name="Zqfirst", state=state,
                              reason=f"{MAIL} is odd", steps=[{"step": "identify", "with": MAIL}])  # fmt: skip
    Receipt.objects.create(lead=lead, condition=f"email:is({MAIL})", changed={"note": "Zqfirst"})


def stored_names():
    """Name all stored files; the store is shared by runs of tests."""
    folders = default_storage.listdir("attachments")[0] if default_storage.exists("attachments") else []
    return {
        f"attachments/{folder}/{name}"
        for folder in folders
        for name in default_storage.listdir(f"attachments/{folder}")[1]
    }


def contents_of(names):
    """Read stored files."""
    for name in names:
        with default_storage.open(name) as stored:
            yield stored.read()


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("key", ["leads", "contacts"])
def test_nothing_tells_of_the_person(key, by, admin, custom, outbox, caplog, django_capture_on_commit_callbacks):
    """Every field has a value of its own, everything that may carry it is made, then everything is searched."""
    others = stored_names()
    own = {"project": make_project().pk, **OF_LEADS} if key == "leads" else {"account": account().pk, **OF_CONTACTS}
    record = make(key, **PERSON, **own, **{"custom.nickname": "zqcustom", "custom.old": "zqoff"})
    administration.save_custom_field(custom_field(key, "old"), {"is_active": False}, by=by)
    if key == "contacts":
        make("channels", contact=record.pk, kind="linkedin", value="zqhost.example/in/zqfirst")
        make("channels", contact=record.pk, kind="email", value="zq.private@zqhome.example")
        gone = make("channels", contact=record.pk, kind="skype", value="zqskype.name")
        writes.delete(gone, by=by)
        make("activities", subject="Call", category="call", contact=record.pk,
             text="Write to zq.private@zqhome.example, call zqskype.name")  # fmt: skip
        lead = make("leads", project=make_project().pk, subject="Zqsubject", email=MAIL, contact=record.pk)
        came_by_intake(lead)
    else:
        came_by_intake(record)
    activity = spread(record, admin, outbox)
    assert len(found_in_database()) > 20
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        client = Client()
        client.force_login(admin)
        assert client.post(f"/{registry.get(key).path}/{record.pk}/anonymize").status_code == 302
    assert found_in_database() == []
    assert not [
        content for content in contents_of(stored_names() - others) if traces_in(content.decode(errors="ignore"))
    ]
    assert [path.name for path in outbox.glob("*.log")] == ["20260101-2.log"]
    assert not traces_in(caplog.text)
    kept(activity)


def custom_field(entity, key):
    """Return a custom field."""
    from kanal.core.models import CustomField

    return CustomField.objects.get(entity=entity, key=key)


def kept(activity):
    """What tells of nobody stays: the rest of texts and lists, other files, the activity itself, and who did it."""
    assert Activity.objects.get(pk=activity.pk).subject.startswith("Call with ")
    assert "He likes pumps" in Comment.objects.filter(entity="activities", record_id=activity.pk).get().text
    assert "other@example.com" in bytes(RawPost.objects.first().body).decode()
    assert registry.get("activities").model.objects.filter(subject="Other").exists()


def test_the_api_anonymizes_as_the_page_does(by, admin):
    """LEAD-8 by the endpoint of the verb."""
    lead = make("leads", project=make_project().pk, **PERSON)
    make("activities", subject=f"Call with {lead}", category="call", lead=lead.pk)
    token = tokens.create_token(admin, "test")
    response = Client().post(f"/api/v1/leads/{lead.pk}/anonymize", "{}", content_type="application/json",
                             headers={"Authorization": f"Bearer {token}"})  # fmt: skip
    assert response.status_code in (200, 204)
    assert not [match for match in found_in_database() if "zqlast" in match.lower()]


def test_another_person_of_a_similar_name_stays(by):
    """Parts of a name are taken out as whole words alone, and near the person alone."""
    lead = make("leads", project=make_project().pk, first_name="Ola", last_name="van Berg", email="ola@zq.example")
    text = "Ola van Berg met Olav and Olaf Bergman; van arrives"
    near = make("activities", subject=text, category="call", lead=lead.pk)
    far = make("activities", subject=text, category="call", account=account().pk)
    registry.action(registry.get("leads"), "anonymize").run(lead, {}, by=by)
    near.refresh_from_db()
    far.refresh_from_db()
    assert near.subject == "[…] met Olav and Olaf Bergman; van arrives"
    assert far.subject == text
