"""`kanal import` and `kanal export`: what the pages do, on the command line (IMP-1, LIST-7)."""

import io

import pytest
from django.core.management import CommandError, call_command

from kanal.entities.leads.tests.factories import make_user
from kanal.features.importing.models import Import
from tests.web.importing import ships

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(username="boss", user_type="administrator")


def run(*words):
    """Return what a command says."""
    out, errors = io.StringIO(), io.StringIO()
    call_command(*words, stdout=out, stderr=errors)
    return out.getvalue() + errors.getvalue()


def test_a_file_goes_in_is_tried_first_and_comes_out(admin, tmp_path):
    file = tmp_path / "ships.csv"
    file.write_text("Name;Masts;Price\nTry;2;1.250\nBad;many;1\n", encoding="utf-8")
    words = ("import", "ships", str(file), "--user", "boss")
    with pytest.raises(CommandError, match="decimal_sign"):
        run(*words)
    words += ("--format", "price.decimal_sign=,", "--refused", str(tmp_path / "refused.csv"))
    assert "1 created, 0 updated, 0 unchanged, 0 skipped, 1 refused" in run(*words, "--try")
    assert not ships().filter(name="Try").exists()
    assert "Line 3: Masts:" in run(*words)
    assert ships().get(name="Try").price == 1250
    assert "many" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    exported = run("export", "ships", "--user", "boss", "--columns", "name,masts", "--filter", "name:is(Try)")
    assert exported.lstrip("\ufeff").splitlines() == ["Name,Masts", "Try,2"]
    run("import", "ships", str(Import.objects.latest("pk").pk), "--user", "boss", "--undo")
    assert not ships().filter(name="Try").exists()


def test_what_is_wrong_is_said(admin, tmp_path):
    make_user(username="idle")
    file = tmp_path / "ships.csv"
    file.write_text("Name\nA\n")
    for words, said in {
        ("import", "ships", str(file), "--user", "stranger"): "no user",
        ("import", "boats", str(file), "--user", "boss"): "boats",
        ("import", "ships", str(file), "--user", "idle"): "may not",
        ("import", "ships", str(file), "--user", "boss", "--map", "Name=nonsense"): "nonsense",
        ("import", "ships", "7", "--user", "boss", "--undo"): "no import",
        ("export", "ships", "--user", "boss", "--columns", "nonsense"): "nonsense",
        ("export", "ships", "--user", "idle"): "may not",
    }.items():
        with pytest.raises(CommandError, match=said):
            run(*words)
