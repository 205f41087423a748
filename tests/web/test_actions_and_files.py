"""Verbs, comments and files over the pages."""

from django.core.files.uploadedfile import SimpleUploadedFile

from kanal.core import registry
from kanal.features.files.models import File

HTMX = {"HX-Request": "true"}


def test_a_dialog_picks_a_record_by_name_or_id(world, browse):
    """NAV-3, OP-LEAD-08: "Add account" → search → radio → "Save"."""
    lead, account = world.find("leads"), world.find("accounts")
    client, url = browse("administrator"), f"/crm/leads/{lead.pk}/add-account"
    dialog = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in dialog
    assert 'type="radio"' in dialog
    assert client.get(f"{url}?part=rows&q=zzzz", headers=HTMX).content.decode().count('radio"') == 0
    assert f'value="{account.pk}"' in client.get(f"{url}?part=rows&q={account.pk}", headers=HTMX).content.decode()
    refused = client.post(url, {}, headers=HTMX)
    assert "Choose a record" in refused.content.decode()
    done = client.post(url, {"picked": account.pk}, headers=HTMX)
    assert done["HX-Redirect"] == f"/crm/leads/{lead.pk}/"
    assert type(lead).objects.get(pk=lead.pk).account_id == account.pk


def test_a_record_that_may_not_be_seen_cannot_be_picked(world, browse):
    """ACC-7: the picker goes through the access layer."""
    lead = world.find("leads")
    answer = browse("administrator").post(f"/crm/leads/{lead.pk}/add-account", {"picked": 999_999})
    assert answer.status_code == 422


def test_deleting_asks_first(world, browse):
    """OP-ACC-10: the dialog "Are you sure?" with "OK"."""
    entity, record = registry.get("groups"), world.find("groups")
    client = browse("administrator")
    dialog = client.get(f"{entity.url(record.pk)}delete", headers=HTMX).content.decode()
    assert "Are you sure?" in dialog
    assert entity.model.objects.filter(pk=record.pk).exists()
    assert client.post(f"{entity.url(record.pk)}delete").status_code == 302
    assert not entity.model.objects.filter(pk=record.pk).exists()


def attach(client, record, name: str, content: bytes):
    """Upload a file to a lead."""
    return client.post(f"/crm/leads/{record.pk}/files", {"file": SimpleUploadedFile(name, content)}, headers=HTMX)


def test_the_same_name_makes_a_version(world, browse, settings, tmp_path):
    """FILE-2: versions are listed, each can be downloaded, and any made current again."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    lead, client = world.find("leads"), browse("administrator")
    assert attach(client, lead, "offer.txt", b"one").status_code == 200
    assert attach(client, lead, "offer.txt", b"two").status_code == 200
    file = File.objects.get(entity="leads", record_id=lead.pk)
    assert file.current == 2
    assert b"".join(client.get(f"/files/{file.pk}").streaming_content) == b"two"
    assert b"".join(client.get(f"/files/{file.pk}/versions/1").streaming_content) == b"one"
    client.post(f"/files/{file.pk}/current/1")
    assert b"".join(client.get(f"/files/{file.pk}").streaming_content) == b"one"


def test_downloads_do_no_harm_and_go_through_the_door(world, browse, settings, tmp_path):
    """FILE-3: the kind is read from the content, headers are safe, a stranger gets 404, a program is refused."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    lead, client = world.find("leads"), browse("administrator")
    attach(client, lead, "picture.png", b"<html><script>alert(1)</script>")
    file = File.objects.get(entity="leads", record_id=lead.pk)
    answer = client.get(f"/files/{file.pk}?inline")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    for name in ("stranger",):
        assert browse(name).get(f"/files/{file.pk}").status_code == 404
        assert browse(name).post(f"/files/{file.pk}/delete").status_code == 404
    assert attach(client, lead, "x.txt", b"MZ\x90\x00").status_code == 422


def test_a_reader_can_neither_attach_nor_comment(world, browse):
    """ACC-2: commenting and attaching need more than viewing."""
    lead, client = world.find("leads"), browse("read-only")
    assert attach(client, lead, "a.txt", b"a").status_code == 403
    assert client.post(f"/crm/leads/{lead.pk}/compose?kind=note", {"text": "x"}).status_code == 403


def test_only_the_author_changes_a_comment(world, browse):
    """DET-3: edit and delete own."""
    lead = world.find("leads")
    browse("representative").post(f"/crm/leads/{lead.pk}/compose?kind=note", {"text": "mine"})
    from kanal.features.comments.models import Comment

    comment = Comment.objects.get()
    assert browse("director").post(f"/comments/{comment.pk}/delete").status_code == 403
    assert browse("stranger").post(f"/comments/{comment.pk}/delete").status_code == 404
    assert browse("representative").post(f"/comments/{comment.pk}/delete").status_code == 302
    assert not Comment.objects.exists()
