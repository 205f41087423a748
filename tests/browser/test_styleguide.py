"""The parts that every page is built from, in a real browser: keyboard, mouse, themes, accessibility (UX-1)."""

import pytest

from kanal.entities.people.models import User, UserType

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def guide(new_page):
    """Open the style guide as an administrator: `guide(theme=…, width=…)`."""

    def open_guide(query: str = "", **view):
        admin = User(username="guide", email="guide@example.com", last_name="Guide", user_type=UserType.ADMINISTRATOR)
        if not User.objects.filter(username="guide").exists():
            admin.save()
        page = new_page(user=User.objects.get(username="guide"), **view)
        page.goto(f"/styleguide/{query}")
        page.locator("trix-toolbar button svg, .action-panel").first.wait_for(state="attached")
        return page

    return open_guide


def option(page, name: str):
    """Find a row of an open picker."""
    return page.locator(".picker-list [role=option]:visible").filter(has_text=name)


def focused(page) -> str:
    """Return the text or name of what has the focus."""
    return page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText.trim()")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_every_component_passes_axe(guide, theme, width):
    from axe_playwright_python.sync_playwright import Axe

    for query in ("", "?fragment=record"):
        page = guide(query, theme=theme, width=width)
        report = Axe().run(page).response
        assert not report["violations"], [(rule["id"], rule["nodes"][0]["html"]) for rule in report["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_menu_opens_by_keyboard_and_gives_the_focus_back(guide):
    page = guide()
    button = page.get_by_role("button", name="Global menu")
    button.focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "CRM"
    page.keyboard.press("End")
    assert focused(page) == "Account groups"
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_shortcut_opens_search_with_commands(guide):
    page = guide()
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Search")
    dialog.get_by_role("searchbox").fill("favour")
    expect(dialog.get_by_role("link", name="Favourite accounts")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_a_dialog_is_fetched_and_posts_what_was_picked(guide):
    page = guide()
    page.get_by_role("button", name="Open a dialog").first.click()
    dialog = page.get_by_role("dialog", name="Disqualify")
    dialog.get_by_role("combobox", name="Account").fill("berg")
    option(page, "Bergen Maskin AS").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        dialog.get_by_role("button", name="Save").click()
    assert "account" in sent.value.post_data
    assert "X-CSRFToken".lower() in sent.value.headers


def test_a_question_is_asked_before_the_act(guide):
    page = guide()
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("menuitem", name="Delete").first.click()
    dialog = page.get_by_role("dialog", name="Are you sure?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Make active").first.click()
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="OK").click()


def test_the_menu_of_a_row_opens_by_right_click_and_by_keyboard(guide):
    page = guide()
    page.get_by_role("row", name="Bergen").first.click(button="right", position={"x": 300, "y": 10})
    expect(page.get_by_role("menuitem", name="Open")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Actions of Bergen").first.focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Open").last).to_be_focused()


def test_rows_are_selected_in_ranges_and_altogether(guide):
    page = guide()
    bar = page.locator("#light-bar")
    page.get_by_label("Select ACME Corporation").first.check()
    page.get_by_label("Select Delta Logistics GmbH").first.click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 selected")
    page.get_by_label("Select all rows").first.check()
    bar.get_by_role("button", name="Select all 12 300").click()
    expect(bar.locator("[data-select-flag]")).to_be_enabled()
    bar.get_by_role("button", name="Clear the selection").click()
    expect(bar).to_be_hidden()


def test_escape_restores_a_cell(guide):
    page = guide()
    cell = page.locator("td.editable").first
    cell.hover()
    page.get_by_role("button", name="Edit assignee of ACME").first.click()
    cell.get_by_label("Name").fill("Zed")
    page.keyboard.press("Escape")
    expect(cell).to_contain_text("Anna Novak")


def test_a_card_moves_by_keyboard_and_springs_back_when_refused(guide):
    page = guide()
    board = page.locator("#light-board")
    board.locator("[data-record='1']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    with page.expect_response(lambda response: "move" in response.url):
        page.keyboard.press("Space")
    expect(board.locator("[data-value=offer] [data-record='1']")).to_have_count(1)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("Only a sold opportunity is won.")).to_be_visible()
    expect(board.locator("[data-value=offer] [data-record='1']")).to_have_count(1)


def test_a_card_moves_by_mouse(guide):
    page = guide()
    board = page.locator("#light-board")
    with page.expect_response(lambda response: "move" in response.url):
        goal = board.locator("[data-value=offer] [data-board-list]")
        board.locator("[data-record='2']").drag_to(goal, target_position={"x": 80, "y": 150})
    expect(board.locator("[data-value=offer] [data-record='2']")).to_have_count(1)


def test_the_theme_is_remembered(guide):
    page = guide()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_on_a_phone_the_navigation_slides_in(guide):
    page = guide(width=390)
    page.get_by_role("button", name="Navigation").click()
    expect(page.get_by_role("link", name="Partners")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Partners")).to_be_hidden()
