"""No violation of accessibility rules on any page of the table of addresses, in both themes (UX-1)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from kanal.core import registry
from tests.contract.world import World
from tests.urls.addresses import Address, pages
from tests.urls.conftest import make_hung, url_of
from tests.urls.test_table import PATTERNS, read_table, row_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""A page's rules are asked in light; in dark those of its colours alone, as nothing else differs.

The colours of forms, lists and details are asked of leads; other types have the same."""
AXE = Axe().axe_script
ASK = """([where, options]) => axe.run(where, options).then(found => found.violations.map(
  one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]))"""
BOTH = (("light", RULES), ("dark", CONTRAST))
SHAPE = (("light", {**RULES, "rules": {"color-contrast": {"enabled": False}}}),)
PARTS = 4
TALL = 3000
"""A window in which no bar that stays in sight covers what would scroll below it."""
EVERY_TYPE = re.compile(r"(?!project-)[a-z-]+-(list|new|detail)")
"""Generic pages of which each type has its own fields; the others are asked of leads, as the table asks them."""
CALM = """theme => {
  document.documentElement.dataset.bsTheme = theme;
  const running = document.getAnimations().filter(one => one.effect.getTiming().iterations !== Infinity);
  return Promise.allSettled(running.map(one => one.finished)).then(() => running.length);
}"""
"""Turn to a theme, and wait until colours have changed."""
NO_PAGES = {
    "healthz", "readyz", "metrics", "live", "leads-list-export-csv", "project-leads-list-export-csv",
    "leads-list-export-vcf", "project-leads-list-export-vcf", "leads-list-export-ics",
    "leads-list-export-xlsx", "project-leads-list-export-xlsx", "project-leads-list-export-ics", "file", "file-version",
    "callees", "pick", "quote-preview", "live-matching", "live-cards", "leads-list-menu", "project-leads-list-menu",
}  # fmt: skip
"""What answers with data, files or nothing; a menu alone is none, it is asked where it is open."""


@pytest.fixture(scope="module")
def small_world(office: str) -> tuple[Any, dict[str, int]]:
    """Make a record of each type, and what hangs on them."""
    world = World()
    return world, make_hung(world)


@pytest.fixture
def browse(new_page: Callable[..., Any], small_world: Any) -> Callable[[str], Any]:
    """Return the page of a user of the world, the same each time."""
    opened: dict[str, Any] = {}

    def page_of(role: str) -> Any:
        if role not in opened:
            user = None if role == "anonymous" else small_world[0].users[role]
            opened[role] = new_page(user=user, height=TALL)
        return opened[role]

    return page_of


def to_visit() -> list[tuple[Address, str]]:
    """List the pages with the role that sees them: of a generic page those of leads, and those with fields."""
    table, visits = read_table(), []
    for address in pages():
        row = row_of(address)
        of_leads = re.match(r"(project-)?leads-", address.name)
        if "{type}" in row and not of_leads and not EVERY_TYPE.fullmatch(address.name):
            continue
        if address.name not in NO_PAGES and (role := role_of(table[row])):
            visits.append((address, role))
    return visits


def role_of(answers: list[str]) -> str:
    """Return the role that gets the page; none if nobody does by a GET."""
    roles = ("anonymous", "stranger", "representative", "director", "administrator", "partner")
    answers_by_role = dict(zip(roles if len(answers) > 2 else ("anonymous", "administrator"), answers, strict=True))
    return next(
        (role for role in ("administrator", "representative", "anonymous") if answers_by_role.get(role) == "200"), ""
    )


def in_themes(page: Any, where: str, within: str = "html", asked: Any = BOTH) -> list[str]:
    """Ask all rules in light, and those of colours in dark, of a part of the page; list what is found."""
    page.evaluate(AXE)
    violations = []
    for theme, options in asked:
        page.evaluate(CALM, theme)
        for rule, nodes in page.evaluate(ASK, [within, options]):
            violations.append(f"{where} ({theme}) {rule}: {nodes}")
    return violations


def show(page: Any, url: str) -> bool:
    """Open an address; a fragment within a page. Say whether it is a page at all."""
    answer = page.goto(url, wait_until="domcontentloaded")
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return False
    body = answer.text()
    if "<html" not in body:
        page.goto("/")
        page.evaluate("html => { document.querySelector('main').innerHTML = html }", body)
    return True


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(part, browse, small_world):
    """UX-1: each page of the table, as the one who sees it."""
    world, ids = small_world
    violations, framed = [], set()
    for address, role in to_visit()[part::PARTS]:
        url = f"/{PATTERNS[address.name]}" if address.name in PATTERNS else url_of(address, world, ids)
        page = browse(role)
        try:
            if show(page, url):
                within = "main" if role in framed else "html"
                generic = EVERY_TYPE.fullmatch(address.name) and not address.name.startswith("leads-")
                violations += in_themes(page, f"{address.name} {url}", within, SHAPE if generic else BOTH)
                framed.add(role)
            else:
                violations.append(f"{address.name} is no page: name it in NO_PAGES")
        except Error as problem:
            violations.append(f"{address.name} {url}: {problem.message[:200]}")
    assert not violations, "\n".join(violations)


def test_what_is_named_as_no_page_exists():
    """A name that no address has any more is to be taken out."""
    assert {address.name for address in pages()} >= NO_PAGES
    assert all(
        registry.get("leads").path in address.route for address in pages() if address.name == "leads-list-export-csv"
    )
