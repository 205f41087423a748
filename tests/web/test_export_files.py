"""Files of lists beyond CSV: workbooks, PDFs, calendars, separators, and files that a job makes (LIST-7)."""

import datetime as dt
import io
import subprocess
import zipfile
from dataclasses import replace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook

from kanal.core import registry
from kanal.core.context import Context
from kanal.core.listing import ListQuery
from kanal.core.models import Progress
from kanal.core.query import parse
from kanal.entities.accounts.tests.factories import make_account
from kanal.entities.contacts.tests.factories import make_contact
from kanal.entities.leads.tests.factories import make_activity, make_lead, make_user
from kanal.features.exporting import jobs, pdf
from kanal.features.exporting.files import export_file
from kanal.features.exporting.formats import FORMATS
from kanal.features.exporting.models import ExportFile
from kanal.kit.errors import NotAllowed, Refused
from kanal.kit.registries import unfrozen

pytestmark = pytest.mark.django_db
EVIL = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "<r><t>x</t></r>",
    "_x0041_",
    "a\x0bb",
    "{=1}",
    "https://x.example",
)


@pytest.fixture
def admin():
    return make_user(user_type="administrator", time_zone="Europe/Oslo")


@pytest.fixture
def change_format():
    """Change a registered format until the test ends."""
    before = FORMATS.snapshot()
    with unfrozen():
        yield lambda key, **changes: FORMATS.restore({**before, key: replace(before[key], **changes)})
        FORMATS.restore(before)


def body(response):
    return b"".join(response.streaming_content)


def sheet(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def exported(user, entity, key, columns, **given):
    out = io.BytesIO()
    ask = ListQuery(registry.get(entity), user, node=parse(given.pop("filter", "")), columns=tuple(columns), sort="id")
    export_file(FORMATS[key], ask, out, context=given.get("context") or Context.of(user))
    return out.getvalue()


def test_a_workbook_holds_dates_numbers_and_phones_as_what_they_are(client, admin):
    account = make_account(organization="Nord")
    make_contact(account=account.pk, last_name="Dahl", phone="+47 22 33 44 55", birthday=dt.date(1980, 5, 17))
    make_lead(last_name="Vik", value={"amount": "1250.50", "currency": "NOK"})
    heads, row = sheet(exported(admin, "contacts", "xlsx", ["last_name", "phone", "birthday", "created_at", "id"]))
    assert heads[-1] == "Kanal ID"
    assert row[:3] == ["Dahl", "+4722334455", dt.date(1980, 5, 17)]
    assert isinstance(row[3], dt.datetime)
    heads, row = sheet(exported(admin, "leads", "xlsx", ["last_name", "value"]))
    assert heads == ["Last name", "Estimated value", "Estimated value (currency)"]
    assert row == ["Vik", 1250.5, "NOK"]


@pytest.mark.parametrize("text", EVIL)
def test_a_cell_that_looks_like_a_formula_stays_a_text(admin, text):
    """LIST-7: nothing runs, and XlsxWriter's own markup of rich text is no way into the sheet."""
    make_lead(last_name=text)
    content = exported(admin, "leads", "xlsx", ["last_name"])
    (value,) = sheet(content)[1]
    assert value.strip() == text.strip()
    assert not active_parts(content)


def active_parts(content):
    """Return the parts of a workbook with a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return [name for name in parts.namelist() if b"<f>" in parts.read(name) or b"<hyperlink" in parts.read(name)]


def test_numbers_that_a_spreadsheet_would_round_are_texts(admin):
    make_lead(last_name="Big", value={"amount": "99999999999998.75", "currency": "EUR"})
    assert sheet(exported(admin, "leads", "xlsx", ["value"]))[1] == ["99999999999998.75", "EUR"]


def test_the_separator_is_that_of_the_language(admin):
    """LIST-7: a German spreadsheet opens it by a double click; numbers have the decimal comma that goes with it."""
    make_lead(last_name="Vik", value={"amount": "1250.50", "currency": "EUR"})
    assert (
        exported(admin, "leads", "csv", ["last_name", "value"]).decode("utf-8-sig").splitlines()[1] == "Vik,1250.5,EUR"
    )
    admin.language = "de"
    german = exported(admin, "leads", "csv", ["last_name", "value"]).decode("utf-8-sig").splitlines()
    assert german[1] == "Vik;1250,5;EUR"


def test_a_calendar_holds_what_has_a_date(admin):
    account = make_account(organization="Nord")
    start = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.UTC)
    make_activity(
        subject="Call; them", account=account.pk, start=start, end=start + dt.timedelta(hours=1), text="å" * 90
    )
    make_activity(
        subject="Fair", account=account.pk, start=dt.date(2026, 12, 1), end=dt.date(2026, 12, 2), all_day=True
    )
    text = exported(admin, "activities", "ics", []).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART:20261130T080000Z\r\nDTEND:20261130T090000Z\r\nSUMMARY:Call\\; them\r\n" in text
    assert "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_file_is_written_in_its_readers_zone_language_and_permissions(admin):
    start = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)
    make_activity(subject="Call", account=make_account().pk, start=start)
    tokyo = Context.of(admin).but(zone="Asia/Tokyo", language="de")
    line = exported(admin, "activities", "csv", ["subject", "start"], context=tokyo).decode().splitlines()[1]
    assert line == "Call;2026-12-01 08:30:00+09:00"
    stranger = make_user()
    with pytest.raises(NotAllowed):
        exported(stranger, "leads", "csv", ["last_name"])


def test_a_pdf_of_too_many_records_is_refused_with_a_way_out(client, admin, change_format):
    """Issue: 100,000 rows to PDF get a clear answer, before anything is made."""
    client.force_login(admin)
    change_format("pdf", max_rows=2)
    for number in range(3):
        make_lead(last_name=f"Vik {number}")
    response = client.get("/crm/leads/data/export.pdf")
    assert response.status_code == 409
    assert "A PDF file holds at most 2 records, and this list has more." in response.content.decode()
    assert not Progress.objects.exists()


def test_a_server_without_libreoffice_says_so(client, admin, monkeypatch):
    """REL-4."""
    client.force_login(admin)
    monkeypatch.setattr(pdf, "makes_pdf", lambda: False)
    response = client.get("/crm/leads/data/export.pdf")
    assert response.status_code == 409
    assert "PDFs need LibreOffice" in response.content.decode()


@pytest.mark.slow
def test_a_job_makes_a_pdf_that_its_user_downloads(client, admin):
    client.force_login(admin)
    make_lead(last_name="Ødegård", value={"amount": "1250.50", "currency": "EUR"})
    response = client.get("/crm/leads/data/export.pdf?columns=last_name,value")
    progress = Progress.objects.get()
    assert response["Location"] == f"/progress/{progress.pk}"
    run_queued()
    page = client.get(f"/progress/{progress.pk}").content.decode()
    made = ExportFile.objects.get()
    assert f'href="/exports/{made.pk}"' in page
    content = body(client.get(f"/exports/{made.pk}"))
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True).stdout
    assert "Ødegård" in text.decode()
    assert "€1,250.50" in text.decode()
    client.force_login(make_user(user_type="administrator"))
    assert client.get(f"/exports/{made.pk}").status_code == 404


def test_a_large_workbook_is_made_by_a_job(client, admin, change_format):
    client.force_login(admin)
    make_lead(last_name="One")
    make_lead(last_name="Two")
    change_format("xlsx", streamed_rows=1)
    response = client.get("/crm/leads/data/export.xlsx?columns=last_name&sort=last_name")
    assert response.status_code == 302
    run_queued()
    made = ExportFile.objects.get()
    assert made.name.startswith("leads-")
    assert sheet(body(client.get(f"/exports/{made.pk}"))) == [["Last name"], ["One"], ["Two"]]
    assert Progress.objects.get().done == 2
    ExportFile.objects.update(created_at=made.created_at - dt.timedelta(days=2))
    jobs.remove_old_exports.func(timestamp=0)
    assert client.get(f"/exports/{made.pk}").status_code == 404
    assert not made.content.storage.exists(made.content.name)


def test_a_job_of_somebody_who_may_no_longer_export_makes_nothing(client, admin):
    client.force_login(admin)
    make_lead(last_name="One")
    client.get("/crm/leads/data/export.pdf")
    admin.user_type = "representative"
    admin.save()
    with pytest.raises(Refused):
        run_queued()
    assert not ExportFile.objects.exists()


def run_queued():
    """Run the waiting export as a worker would."""
    waiting = ProcrastinateJob.objects.get(task_name="exporting.make")
    jobs.make_export.task.func(**waiting.args)
