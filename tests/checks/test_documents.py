"""The documents: every link between them leads to a file."""

import re

from tests.checks.sources import ROOT, name

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")


def test_links_lead_somewhere():
    missing = [
        f"{name(path)}: {target}"
        for path in DOCUMENTS
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not missing, missing


def test_each_decision_has_a_number_of_its_own():
    """The number in the file's name is that of its title, and nobody else's."""
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    titled = [int(path.read_text(encoding="utf-8").removeprefix("# ").partition(".")[0]) for path in decisions]
    assert titled == list(range(1, len(decisions) + 1))
    assert [int(path.name[:4]) for path in decisions] == titled
