"""Files of other systems as they are, saved mappings, and the pages of an import (IMP-1, IMP-1a)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kanal.core import registry
from kanal.entities.accounts.models import Account
from kanal.entities.leads.tests.factories import make_user
from kanal.features.importing import saving
from kanal.features.importing.dry_run import dry_run_file
from kanal.features.importing.models import Import, SavedMapping
from kanal.features.importing.runner import run_all
from tests.web.importing import begun, reasons, ships

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(user_type="administrator", first_name="Sara", last_name="Seller", email="sara@kanal.example")


OUTLOOK = (
    '"Title","First Name","Middle Name","Last Name","Company","Business Street","Business Street 2","Business City",'
    '"Business Country/Region","Business Phone","Mobile Phone","Birthday","E-mail Address",'
    '"E-mail Display Name","Web Page"\n'
    '"","Jörg","K.","Mäßig","Out GmbH","Hauptstraße 5","Hof","Köln","Deutschland",'
    '"+49 (221) 123456","0171 / 1234567","0.0.00",'
    '"joerg@out.example","Jörg (joerg@out.example)",""\n'
    '"Dr.","Käthe","","Weiß","OUT GmbH","","","","","","","17.4.1980","kaethe@out.example","",""\n'
)


def test_outlook_goes_in_as_it_is(admin):
    run = begun(admin, "contacts", OUTLOOK.encode("cp1252"), unknown={"account": {"*": {"do": "make"}}})
    assert run.preset == "Outlook"
    run_all(run)
    assert not reasons(run)
    people = {
        contact.last_name: contact
        for contact in registry.get("contacts").model.objects.filter(email__endswith="@out.example")
    }
    first, second = people["Mäßig"], people["Weiß"]
    assert (first.first_name, first.street, first.country) == ("Jörg K.", "Hauptstraße 5, Hof", "DE")
    assert (first.phone, first.mobile, first.birthday) == ("+49221123456", "+491711234567", None)
    assert first.account == second.account
    assert (second.title, second.birthday.isoformat()) == ("Dr.", "1980-04-17")


@pytest.mark.parametrize(
    ("entity", "system", "mapped", "left"),
    [
        (
            "accounts",
            "HubSpot",
            {"Company name": "organization", "Company owner": "account_manager", "Phone Number": "phone",
             "Country/Region": "country", "Company Domain Name": "website", "Postal Code": "postcode"},
            ["Record ID", "Number of Employees"],
        ),
        (
            "opportunities",
            "Salesforce",
            {"Opportunity Name": "name", "Type": "opportunity_type", "Amount": "value",
             "Close Date": "expected_close_date",
             "Amount Currency": "value.currency", "Stage": "status", "Probability (%)": "probability",
             "Opportunity Owner": "assignee", "Account Name": "account"},
            ["Expected Revenue", "Fiscal Period"],
        ),
        (
            "opportunities",
            "Pipedrive",
            {"Deal - Title": "name", "Deal - Organization": "account", "Deal - Value": "value",
             "Deal - Stage": "status",
             "Deal - Currency of Value": "value.currency", "Deal - Owner": "assignee"},
            ["Deal - Weighted value"],
        ),
    ],
)  # fmt: skip
def test_other_systems_are_known_by_their_heads(admin, entity, system, mapped, left):
    heads = [*left, *mapped]
    run = begun(admin, entity, ",".join(heads) + "\n" + ",".join("x" * len(heads)) + "\n")
    assert (run.preset, run.mapping) == (system, mapped)


def test_a_mapping_is_saved_and_chosen_again(admin, client):
    """IMP-1: for the same heads, by its owner; others choose it if it is shared."""
    client.force_login(admin)
    content = b"Benennung,Masten\nFram,3\n"
    answer = client.post("/fakes/ships/import", {"file": SimpleUploadedFile("a.csv", content)})
    url = answer["Location"]
    client.post(url, {"column-0": "name", "column-1": "masts", "do": "save", "save_as": "Ships", "share": "true"})
    assert SavedMapping.objects.get().is_shared
    client.post("/fakes/ships/import", {"file": SimpleUploadedFile("b.csv", b"Masten,Benennung\n1,Maud\n")})
    run = Import.objects.latest("pk")
    assert (run.mapping, run.preset) == ({"Benennung": "name", "Masten": "masts"}, "Ships")
    other = make_user(user_type="administrator")
    assert begun(other, "ships", content).preset == "Ships"
    other.user_type = "partner"
    assert saving.visible_mappings(other, "ships") == []


def test_the_page_asks_shows_and_undoes(admin, client):
    """IMP-1a: the whole way without JavaScript."""
    client.force_login(admin)
    content = "Name;Price;Rig\nA;1.250;sloop\nB;2.500;Brigg\n".encode("cp1252")
    url = client.post("/fakes/ships/import", {"file": SimpleUploadedFile("a.csv", content)})["Location"]
    page = client.get(url).content.decode()
    assert "Two meanings: 1.250; 2.500" in page
    assert "Unknown in “Rig”" in page
    form = {
        "column-0": "name",
        "column-1": "price",
        "column-2": "rig",
        "encoding": "utf-8",
        "delimiter": "semicolon",
        "header": "1",
    }
    answer = client.post(url, {**form, "do": "run"})
    assert (answer.status_code, Import.objects.get().done) == (422, 0)
    form |= {"decimal_sign-price": ",", "unknown-rig-1": "use:ketch"}
    tried = client.post(url, {**form, "do": "try"}).content.decode()
    assert "2 new, 0 changed" in tried
    assert "€1,250.00" in tried
    client.post(url, {**form, "do": "run"})
    assert dict(ships().values_list("name", "rig")) == {"A": "sloop", "B": "ketch"}
    assert dict(ships().values_list("name", "price")) == {"A": 1250, "B": 2500}
    assert "Undo this import" in client.get(url).content.decode()
    assert "2 records are as they were before" in client.post(f"{url}undo").content.decode()
    assert not ships().exists()


def test_another_layout_reads_the_file_anew(admin, client):
    client.force_login(admin)
    content = "Name;Log\nA;Plzeň\n".encode("cp1250")
    url = client.post("/fakes/ships/import", {"file": SimpleUploadedFile("a.csv", content)})["Location"]
    assert "Plzeň" in client.get(url).content.decode()
    form = {"encoding": "cp1252", "delimiter": "semicolon", "header": "1", "do": "read"}
    assert "Plzeò" in client.post(url, form).content.decode()
    assert "Column A" in client.post(url, {**form, "header": "0"}).content.decode()


def test_a_trial_goes_through_the_whole_file(admin, client):
    """IMP-1: counts of all rows, refused ones as a file; a key seen before makes no second record; nothing stays."""
    lines = [f"Company {place % 600},p{place % 600}@whole.example,Oslo" for place in range(650)]
    content = "Company,E-mail,City\n" + "\n".join([*lines, "No mail,no-address,Oslo"]) + "\n"
    run = begun(admin, "accounts", content)
    trial = dry_run_file(run)
    assert dict(trial.counts) == {"created": 600, "updated": 50, "refused": 1}
    assert not Account.objects.filter(email__endswith="whole.example").exists()
    client.force_login(admin)
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "Checked all 651 rows: 600 new, 50 changed, 0 unchanged, 0 skipped, 1 refused." in page
    assert "no-address" in client.get(f"/imports/{run.pk}/refused.csv").content.decode()
    run_all(run)
    assert (run.created, run.refusals.count()) == (600, 1)
