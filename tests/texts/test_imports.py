"""The pages of an import from the file to its report, in the pseudo-language."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.texts.conftest import Reader

FILE = b"N1;P1;R1;L1;X1\nA;1.250;sloop;03/04/2026;x\nB;2.500;B7;9x;y\n;x;y;z\n"
FORM = {
    "column-0": "name", "column-1": "price", "column-2": "rig", "column-3": "launched", "column-4": "",
    "decimal": ".", "ask-order": "dmy",
}  # fmt: skip


def test_the_pages_of_an_import(reader: Reader):
    """What is asked, the trial, the report with its refusals, and the way back."""
    answer = reader.post("/fakes/ships/import", {"file": SimpleUploadedFile("a.csv", FILE)})
    url = answer["Location"]
    reader.get(url)
    for do in ("look", "save", "try", "run"):
        response = reader.post(url, {**FORM, "do": do, "save_as": "Fleet"})
        if response.status_code == 302:
            reader.get(response["Location"])
            reader.get(url)
    reader.get("/fakes/ships/import")
    for name, content in (
        ("a.csv", b""),
        ("a.xls", b"\xd0\xcf\x11\xe0" * 9),
        ("a.vcf", b"BEGIN:VCARD\nFN:A\nEND:VCARD"),
    ):
        response = reader.post("/crm/contacts/import", {"file": SimpleUploadedFile(name, content)})
        if response.status_code == 302:
            reader.get(response["Location"])
    reader.post(f"{url}undo")
    reader.get("/settings/jobs/")
    reader.get("/me/jobs/")
    reader.refuse()
