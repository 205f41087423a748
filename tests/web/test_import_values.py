"""What the rows of an import become: formats by column, values for all rows, unknown words, undo (IMP-1a)."""

import io
from decimal import Decimal

import pytest
import xlsxwriter

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Category, Currency
from kanal.entities.accounts.models import Account
from kanal.entities.accounts.tests.factories import make_account
from kanal.entities.leads.tests.factories import make_user
from kanal.features.importing import undoing
from kanal.features.importing.dry_run import dry_run_file
from kanal.features.importing.runner import run_all
from kanal.kit.errors import Invalid, Refused
from tests.web.importing import begun, reasons, ships

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_cached(db):
    for code in ("EUR", "NOK"):
        Currency.objects.update_or_create(code=code, defaults={"in_use": True, "is_main": code == "EUR"})
    invalidate()
    yield
    invalidate()


@pytest.fixture
def admin():
    return make_user(user_type="administrator", first_name="Sara", last_name="Seller", email="sara@kanal.example")


def test_a_column_is_understood_as_a_whole(admin):
    """IMP-1a: one row tells the decimal sign and the order of dates of all."""
    text = "Name;Price;Price (currency);Launched;Share\nA;1.250;NOK;03/04/2026;0.5\nB;3,5;;31/12/2026;50 %\n"
    run = begun(admin, "ships", text)
    run_all(run)
    assert not reasons(run)
    first, second = ships().order_by("name")
    assert (first.price, first.currency, first.launched.isoformat(), first.share) == (
        1250,
        "NOK",
        "2026-04-03",
        Decimal("0.5"),
    )
    assert (second.price, second.currency, second.share) == (Decimal("3.5"), "EUR", 50)


def test_what_nobody_can_tell_is_asked(admin):
    """IMP-1a: 1.250 alone is never guessed; what is chosen counts."""
    run = begun(admin, "ships", "Name;Price;Launched\nA;1.250;03/04/2026\n")
    with pytest.raises(Invalid, match="ambiguous"):
        run_all(run)
    run.formats = {"price": {"decimal_sign": ","}, "launched": {"order": "mdy"}}
    run_all(run)
    ship = ships().get()
    assert (ship.price, ship.launched.isoformat()) == (1250, "2026-03-04")


def test_thirteen_ways_to_write_a_number(admin):
    written = [
        "1.234,56",
        "1,234.56",
        "1 234,56",
        "1'234.56",
        "1\u00a0234,56",
        "€1,234.56",
        "1234.56",
        "1234,56 €",
        "EUR 1.234,56",
    ]
    text = "Name\tPrice\n" + "".join(f"S{place}\t{number}\n" for place, number in enumerate(written))
    run = begun(admin, "ships", text + "minus\t(1,234.56)\ndash\t5000,-\nbad\t12k\n")
    run_all(run)
    assert set(ships().filter(name__startswith="S").values_list("price", flat=True)) == {Decimal("1234.56")}
    assert dict(ships().filter(name__in=["minus", "dash"]).values_list("name", "price")) == {
        "minus": Decimal("-1234.56"),
        "dash": 5000,
    }
    assert list(reasons(run)) == [13]


def test_a_sheet_gives_what_it_shows(admin):
    """IMP-1a: 13.5 % is 13.5 %, an amount of 17 digits is one of two decimals, an error is named."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Share", "Price", "Masts"])
        sheet.write_row(1, 0, ["A"])
        sheet.write_number(1, 1, 0.135, book.add_format({"num_format": "0.0%"}))
        sheet.write_number(1, 2, 3702.2999999999997)
        sheet.write_row(2, 0, ["B"])
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
    run = begun(admin, "ships", out.getvalue())
    run_all(run)
    ship = ships().get()
    assert (ship.share, ship.price) == (Decimal("13.5"), Decimal("3702.3"))
    assert "#N/A" in reasons(run)[3]


def test_a_number_of_a_sheet_has_one_reading(admin):
    """IMP-1a: a number that is stored as one is never read by the decimal sign of texts in its column."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Length"])
        sheet.write_row(1, 0, ["A", 1.125])
        sheet.write_row(2, 0, [1.234, "7,5"])
    run = begun(admin, "ships", out.getvalue())
    assert run.survey["formats"]["length"]["decimal_sign"]["ambiguous"] == []
    run_all(run)
    assert "decimals" in reasons(run)[2]  # 1.125 has too many for this field; it is not 1125
    assert [(ship.name, ship.length) for ship in ships().all()] == [("1.234", Decimal("7.5"))]


def test_values_for_all_rows(admin, make_project):
    """IMP-1a: a file of leads without a project goes in; a cell that says something prevails."""
    project, other = make_project(), make_project()
    run = begun(
        admin,
        "leads",
        f"Company;E-mail;Project\nA;a@all.example;\nB;b@all.example;{other.name}\n",
        fixed={"project": project.pk},
    )
    run_all(run)
    model = registry.get("leads").model
    assert dict(model.objects.filter(email__endswith="@all.example").values_list("company", "project")) == {
        "A": project.pk,
        "B": other.pk,
    }


def test_unknown_words_stand_for_what_is_chosen(admin, make_project):
    """IMP-1a: a record, nothing, or what is to be made; the rest is refused by name."""
    project = make_project()
    text = (
        "Company,Assignee,Industry,E-mail\nA,Bob Gone,Salt mining,a@u.example\nB,sara seller,Old,b@u.example\n"
        "C,Nobody,,c@u.example\n"
    )
    unknown = {
        "assignee": {"bob gone": {"do": "leave"}},
        "industry": {"salt mining": {"do": "make", "text": "Salt mining"}, "old": {"do": "leave"}},
    }
    run = begun(admin, "leads", text, fixed={"project": project.pk}, unknown=unknown)
    trial = dry_run_file(run)
    assert (trial.counts["created"], len(trial.refused)) == (2, 1)
    assert not Category.objects.filter(name="Salt mining").exists()
    run.refresh_from_db()
    run.user = admin
    run_all(run)
    leads = {lead.company: lead for lead in registry.get("leads").model.objects.filter(email__endswith="@u.example")}
    assert leads["A"].industry.name == "Salt mining"
    assert (leads["A"].assignee, leads["B"].assignee, leads["B"].industry) == (None, admin, None)
    assert "Nobody" in reasons(run)[4]


def test_what_is_missing_is_made_by_one_worker(admin, make_project):
    """REL-2: who comes to an import that another one has gone on with makes nothing a second time."""
    text = "Company,Industry,E-mail\nA,Salt mining,a@u.example\n"
    unknown = {"industry": {"salt mining": {"do": "make", "text": "Salt mining"}}}
    run = begun(admin, "leads", text, fixed={"project": make_project().pk}, unknown=unknown)
    late = type(run).objects.get(pk=run.pk)
    run_all(run)
    run_all(late)
    assert Category.objects.filter(name="Salt mining").count() == 1


def test_names_are_found_without_regard_to_case_and_accents(admin):
    parent = writes.create(registry.get("accounts"), {"type": "organization", "organization": "Café Zürich"}, by=SYSTEM)
    run = begun(
        admin,
        "accounts",
        "Organization;Parent account;Country\nA;CAFE ZURICH;Norge\nB;Café Zürich;uk\nC;;Deutschland\n",
    )
    assert run.fixed["type"]
    run.mapping["Parent account"] = "parent"
    run_all(run)
    parents = dict(Account.objects.filter(organization__in="ABC").values_list("organization", "parent"))
    assert (parents, reasons(run)) == ({"A": parent.pk, "B": parent.pk, "C": None}, {})
    assert dict(Account.objects.filter(organization__in="ABC").values_list("organization", "country")) == {
        "A": "NO",
        "B": "GB",
        "C": "DE",
    }


def test_empty_cells_leave_or_empty(admin, make_ship):
    """IMP-1a, kind 5: nothing is erased unless it was chosen; an amount alone keeps the record's currency."""
    ship = make_ship(name="Fram", log="old", price={"amount": "5", "currency": "NOK"})
    text = f"Id,Log,Price,Name\n{ship.pk},,12.5,Fram\n"
    run = begun(admin, "ships", text)
    run_all(run)
    ship.refresh_from_db()
    assert (ship.log, ship.price, ship.currency, run.updated) == ("old", Decimal("12.5"), "NOK", 1)
    run = begun(admin, "ships", text, clears=True)
    run_all(run)
    ship.refresh_from_db()
    assert (ship.log, ship.currency) == ("", "NOK")


def test_what_stays_the_same_is_unchanged_and_what_changes_is_shown(admin, make_ship):
    ship, same = make_ship(name="Fram", masts=2), make_ship(name="Gjøa", masts=1)
    run = begun(admin, "ships", f"Id,Name,Masts\n{ship.pk},Fram,3\n{same.pk},Gjøa,1\n")
    trial = dry_run_file(run)
    assert trial.counts == {"updated": 1, "unchanged": 1}
    assert next(row.changes for row in trial.rows if row.changes) == {"masts": (2, 3)}
    run_all(run)
    assert (run.updated, run.unchanged) == (1, 1)


def test_an_import_is_undone_save_for_what_changed_since(admin, make_ship, by):
    """IMP-1: new records go, changed ones are as before, later changes stay and are named."""
    ship, later = (
        make_ship(name="Fram", masts=2, price={"amount": "5", "currency": "NOK"}),
        make_ship(name="Maud", masts=1),
    )
    before = ships().count()
    run = begun(admin, "ships", f"Id,Name,Masts,Price\n{ship.pk},Fram II,3,7\n{later.pk},Maud,4,\n,New,1,\n,Newer,1,\n")
    run_all(run)
    writes.change(later, {"masts": 5}, by=by)
    writes.change(ships().get(name="Newer"), {"masts": 2}, by=by)
    kept = undoing.undo(run)
    ship.refresh_from_db(), later.refresh_from_db()
    assert (ship.name, ship.masts, ship.price, ship.currency, later.masts) == ("Fram", 2, 5, "NOK", 5)
    assert (ships().count() - before, run.undone) == (1, 2)
    assert {pk for _key, pk, _reason in kept} == {later.pk, ships().get(name="Newer").pk}
    with pytest.raises(Refused):
        undoing.undo(run)


def test_people_are_read_from_full_names_and_cells_with_several_addresses(admin):
    text = "Full name;E-mail;Telefon;Land;Firma\n"
    text += "Ing. Jiří Novák, Ph.D.;jiri@p.example, j2@p.example;33 12 34 56;DK;Ny AS\n"
    run = begun(admin, "contacts", text, unknown={"account": {"*": {"do": "make"}}})
    run_all(run)
    contact = registry.get("contacts").model.objects.get(email="jiri@p.example")
    assert (contact.first_name, contact.last_name, contact.phone) == ("Jiří", "Novák", "+4533123456")
    assert "j2@p.example" in contact.description


def test_further_numbers_are_kept_and_lost_ones_refused(admin):
    """Kind 6: a cell with two numbers gives one and notes the other; digits that a spreadsheet cut are no number."""
    text = (
        "First name;Last name;E-mail;E-mail;Phone\n"
        "A;One;a@two.example;b@two.example;22 33 44 55, 99 88 77 66\nB;Two;;;4,72E+10\nC;Three;;;n/a\n"
    )
    run = begun(admin, "contacts", text, fixed={"account": make_account().pk})
    assert run.mapping["E-mail (2)"] == "email"
    trial = dry_run_file(run)
    assert {row.line: "digits" in row.reason for row in trial.refused} == {3: True}
    first = trial.rows[0].values
    assert (first["email"], first["phone"]) == ("a@two.example", "22 33 44 55")
    assert "b@two.example" in first["description"]
    assert "99 88 77 66" in first["description"]


def test_an_id_of_another_system_finds_no_record(admin, make_ship):
    """Kind 10: other systems number their records as well; by their ids nothing of ours is overwritten unasked."""
    ship, other = make_ship(name="Fram", masts=2), make_ship(name="Gjøa", masts=1)
    assert begun(admin, "ships", f"ID;Name;Masts\n{ship.pk};Titanic;1\n{other.pk};Olympic;2\n").match == ""
    assert begun(admin, "ships", f"ID;Name;Masts\n{ship.pk};FRAM;1\n{other.pk};Olympic;2\n").match == "id"


def test_what_stands_in_for_a_missing_choice_is_for_new_records(admin):
    """Kind 5: a required choice that the file does not name gets its usual value in new records alone."""
    old = make_account(first_name="Nora", last_name="Nord", type="personal", email="a@nord.example")
    run = begun(admin, "accounts", "Company;E-mail;City\n;a@nord.example;Oslo\nNew;b@nord.example;Oslo\n")
    assert run.fixed["type"] == "organization"
    run_all(run)
    assert not reasons(run)
    old.refresh_from_db()
    assert (old.type.key, old.city) == ("personal", "Oslo")
    assert Account.objects.get(organization="New").type.key == "organization"
