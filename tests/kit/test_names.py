"""Names of persons and companies (INTAKE-4): what is compared, and what is kept as first and last name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.companies import company_name_core, is_same_company, likeness, looked_for
from kanal.kit.names import split_name


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Ing. Jiří Novák, Ph.D., MBA", "Jiří", "Novák"),
        ("Novák Jiří Ing.", "Novák", "Jiří"),
        ("Eva Nováková, CSc.", "Eva", "Nováková"),
        ("MUDr. Jan Kos, DiS.", "Jan", "Kos"),
        ("Dr. Ing. h. c. Ferdinand Lang", "Ferdinand", "Lang"),
        ("Nováková, Eva", "Eva", "Nováková"),
        ("Smith, John, MBA", "John", "Smith"),
        ("Ole Johan Dahl jr.", "Ole Johan", "Dahl"),
        ("Dahl, Ole Johan jr.", "Ole Johan", "Dahl"),
        ("John Smith III", "John", "Smith"),
        ("Jan van den Berg", "Jan", "van den Berg"),
        ("Maria de la Cruz", "Maria", "de la Cruz"),
        ("Prof. Dr. Anna von der Leyen", "Anna", "von der Leyen"),
        ("Frau Müller", "", "Müller"),
        ("Dean Martin", "Dean", "Martin"),
        ("First Last", "First", "Last"),
        ("King Smith", "King", "Smith"),
        ("Dr. med. Hans-Peter Müller", "Hans-Peter", "Müller"),
        ("Jack Ma", "Jack", "Ma"),
        ("Per Aas", "Per", "Aas"),
        ("PER AAS", "PER", "AAS"),
        ("Aas MBA", "", "Aas"),
        ("Phil Collins", "Phil", "Collins"),
        ("Nat Berg", "Nat", "Berg"),
        ("Don Johnson", "Don", "Johnson"),
        ("Dr. phil. Nat Berg", "Nat", "Berg"),
        ("Dr phil Ute Berg", "Ute", "Berg"),
        ("Univ.-Prof. DDr. Hans Gruber", "Hans", "Gruber"),
        ("Mgr. et Mgr. Eva Malá, DiS.", "Eva", "Malá"),
        ("  Anna  ", "", "Anna"),
        ("李小明", "", "李小明"),
        ("", "", ""),
    ],
)
def test_a_full_name_has_a_first_and_a_last_name(text, first, last):
    read = split_name(text)
    assert (read.first, read.last) == (first, last)


def test_titles_are_kept_aside():
    assert split_name("Ing. Jiří Novák, Ph.D., MBA").titles == "Ing., Ph.D., MBA"
    assert split_name("Ole Johan Dahl jr.").suffix == "jr."


@given(st.text(max_size=60))
def test_no_name_breaks_the_reading(text):
    read = split_name(text)
    assert bool(read.last) == bool(text.split())


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("ACME AS, Inc.", "acme"),
        ("Firma Sp. z o.o.", "firma"),
        ("Firma Sp. z o. o.", "firma"),
        ("Nowak s.r.o.", "nowak"),
        ("Gamma, s. r. o.", "gamma"),
        ("Alfa spol. s r.o.", "alfa"),
        ("Alfa, spol. s r. o.", "alfa"),
        ("Beta, a. s.", "beta"),
        ("AS Nordlys", "nordlys"),
        ("Müller GmbH & Co. KG", "muller"),
        ("Foo S.A. de C.V.", "foo"),
        ("Foo S. de R.L. de C.V.", "foo"),
        ("Foo UG (haftungsbeschränkt)", "foo"),
        ("Maison S.à r.l.", "maison"),
        ("Carlsberg A/S", "carlsberg"),
        ("The Coffee Company Ltd.", "coffee"),
        ("Société Générale S.A.", "societe generale"),
        ("ООО Ромашка", "ромашка"),
        ("AS", "as"),
        ("Foo & Bar Oy", "foo and bar"),
        ("", ""),
    ],
)
def test_legal_forms_are_dropped(name, core):
    assert company_name_core(name) == core


@pytest.mark.parametrize(
    ("name", "other"),
    [("Hall 1 AS", "Hall 2 AS"), ("Nordlys Borettslag 12", "Nordlys Borettslag 13"), ("Hall I", "Hall II")],
)
def test_names_that_differ_by_a_number_are_of_two_companies(name, other):
    assert likeness(name, other) == 0
    assert not is_same_company(name, other)


def test_names_are_the_same_but_for_a_legal_form_left_out():
    assert is_same_company("Gamma, s. r. o.", "Gamma")
    assert is_same_company("AS Nordlys", "Nordlys A/S")
    assert not is_same_company("Alfa AS", "Alfa GmbH")
    assert 0.4 < likeness("Nordlys", "Nordlis") < 0.9
    assert likeness("Nordlys AS", "Nordlys") == 1.0


SAME = [
    ("Müller GmbH", "Mueller GmbH"), ("Müller GmbH", "Muller"), ("Møller A/S", "Moeller AS"),
    ("Ålesund Båt AS", "Aalesund Baat"),
    ("Größe & Söhne KG", "Groesse und Soehne KG"), ("株式会社トヨタ", "トヨタ"), ("㈱トヨタ", "トヨタ株式会社"),
    ("华为技术有限公司", "华为技术"), ("(주)삼성전자", "삼성전자 주식회사"),
    ("ООО «Ромашка»", "Ромашка"), ("ИП Иванов", "Иванов"),
    ("Общество с ограниченной ответственностью Ромашка", "ООО Ромашка"), ("Aktieselskabet Carlsberg", "Carlsberg A/S"),
    ("Acme, S. de R.L. de C.V.", "ACME"), ("Acme Sdn. Bhd.", "Acme"), ("Co-op", "Coop"), ("E.ON SE", "EON"),
    ("Acme™ Inc", "Acme"), ("ΕΛΛΑΣ Α.Ε.", "Ελλάς"), ("The Coca-Cola Company", "Coca Cola Co."),
]  # fmt: skip
OTHER = [
    ("Mueller", "Muller AG"), ("株式会社トヨタ", "株式会社ホンダ"), ("有限会社山田", "株式会社山田"),
    ("ООО Ромашка", "ЗАО Ромашка"),
    ("Møller A/S", "Moller ApS"), ("Fjord Holding AS", "Fjord AS"), ("SAS", "SAS Institute"), ("Acme Group", "Acme"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "other"), SAME)
def test_one_company_in_two_spellings(name, other):
    """INTAKE-4: with marks, as they are written without, and in alphabets whose forms stand against the name."""
    assert is_same_company(name, other)
    assert is_same_company(other, name)
    assert looked_for(name) & looked_for(other)


@pytest.mark.parametrize(("name", "other"), OTHER)
def test_two_companies(name, other):
    assert not is_same_company(name, other)


@pytest.mark.parametrize(
    ("text", "country", "first", "last"),
    [
        ("Kari Nordmann MA", "", "Kari", "Nordmann"), ("Per Aas MBA", "", "Per", "Aas"),
        ("Yo-Yo Ma", "", "Yo-Yo", "Ma"),
        ("van der Berg", "", "", "van der Berg"), ("Иванов Иван Иванович", "", "Иван Иванович", "Иванов"),
        ("Nagy László", "HU", "László", "Nagy"), ("dr. Nagy László", "HU", "László", "Nagy"),
        ("María José García López", "ES", "María José", "García López"),
        ("Ana García López", "MX", "Ana", "García López"),
        ("José Luis García", "ES", "José Luis", "García"), ("Ana de la Cruz", "ES", "Ana", "de la Cruz"),
        ("Ana García", "ES", "Ana", "García"), ("山田 太郎", "JP", "太郎", "山田"), ("Sukarno", "ID", "", "Sukarno"),
    ],
)  # fmt: skip
def test_names_in_the_order_of_their_country(text, country, first, last):
    """INTAKE-1: where form or country of a name say which part is which."""
    read = split_name(text, country)
    assert (read.first, read.last) == (first, last)
