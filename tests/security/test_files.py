"""Uploads that would do harm (FILE-3, SEC-3): what their content is decides, and they are sent so that nothing runs."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kanal.core import registry
from kanal.core.actor import Actor
from kanal.features.files.actions import attach
from kanal.features.files.models import File

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
HARMFUL = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "late.html": b"<!-- " + b"x" * 400 + b" --><html><script>alert(1)</script></html>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
    "marked.svg": b'\xef\xbb\xbf\n <?xml version="1.0"?><svg><script>alert(1)</script></svg>',
    "picture.png": b"<html><script>alert(1)</script></html>",
    "both.gif": b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(document.cookie)//<script>alert(1)</script>",
    "both.pdf": b"%PDF-1.4 <script>alert(1)</script>",
    "wide.html": "<script>alert(1)</script>".encode("utf-16"),
    "form.xht": b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
}


def stored(world, name, content):
    """Attach a content to the world's lead."""
    lead = world.records["leads"]
    return attach(registry.get("leads"), lead.pk, name, content, by=Actor(world.admin).within_action("prepare"))


@pytest.mark.parametrize("name", HARMFUL)
@pytest.mark.parametrize("way", ["", "?inline"])
def test_nothing_runs_in_a_download(world, browse, call, name, way):
    """FILE-3: sandboxed, not sniffed, not cached; shown in the page only if the content is a picture."""
    version = stored(world, name, HARMFUL[name])
    response = browse().get(f"/files/{version.file_id}{way}")
    list(response.streaming_content)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    is_picture = version.kind.startswith("image/")
    assert response["Content-Disposition"].startswith("inline" if way and is_picture else "attachment")
    assert not is_picture or HARMFUL[name].startswith(b"GIF")
    assert "svg" not in response["Content-Type"]


def test_the_api_sends_files_as_safely(world, client):
    """FILE-3: attachment, sandbox, nosniff, no cache."""
    version = stored(world, "page.html", HARMFUL["page.html"])
    headers = {"Authorization": f"Bearer {world.tokens['administrator']}"}
    response = client.get(f"/api/v1/files/{version.file_id}/content", headers=headers)
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "a" * 5000 + ".txt", "evil\x00.png",
        "nul\r\nSet-Cookie: a=b.txt", "\u202etxt.exe", "con", "..", ".htaccess", "a/../../b", "%2e%2e%2f",
        '"; filename="x.html', "émoji-🎉.txt",
    ],
)  # fmt: skip
def test_names_lead_nowhere(world, browse, name):
    """FILE-3: what a user calls a file names no place on disk and breaks no header."""
    lead = world.records["leads"]
    response = browse().post(f"/crm/leads/{lead.pk}/files", {"file": SimpleUploadedFile("x", b"content")})
    assert response.status_code in (200, 302)
    version = stored(world, name, b"content")
    assert not set("/\\\x00\r\n") & set(version.file.name)
    assert len(version.file.name) <= 200
    assert version.content.name.startswith("attachments/")
    assert ".." not in version.content.name
    answer = browse().get(f"/files/{version.file_id}")
    assert b"".join(answer.streaming_content) == b"content"
    assert "Set-Cookie: a=b" not in str(answer.headers)


@pytest.mark.parametrize("content", [b"MZ" + b"\x90" * 60, b"\x7fELF" + b"\x01" * 60])
def test_programs_are_refused_whatever_they_are_called(world, browse, content):
    """FILE-3: by their content."""
    lead = world.records["leads"]
    response = browse().post(f"/crm/leads/{lead.pk}/files", {"file": SimpleUploadedFile("letter.txt", content)})
    assert response.status_code == 422
    assert not File.objects.filter(name="letter.txt").exists()


def test_a_bomb_is_stored_as_it_is(world, browse):
    """SEC-3: an attached archive is never unpacked, so that it can't blow up."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("zeros", b"\x00" * 20_000_000)
    version = stored(world, "bomb.zip", packed.getvalue())
    assert version.kind == "application/zip"
    assert version.size < 100_000


def test_addresses_outside_the_storage_are_unknown(world, browse):
    """SEC-3: there is no address that takes a path."""
    for url in ("/files/../../etc/passwd", "/files/%2e%2e/%2e%2e/etc/passwd", "/static/../settings.py", "/files/-1"):
        assert browse().get(url).status_code == 404
