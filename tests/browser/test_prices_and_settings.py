"""The operations on contracts, prices, projects and settings (OP-CON, OP-PB, OP-PROD, OP-BUN, OP-PROJ, OP-SET)."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core.actor import SYSTEM
from kanal.entities.accounts.tests.factories import make
from kanal.entities.quotes.tests import factories
from kanal.entities.selling.actions import sell
from tests.browser.hands import agree, choose, crm, dialog, follow, more, panel, pick, picker, press, tab, title

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def store(office):
    """Return a project with a price book, products, a bundle, and an opportunity."""
    return factories.shop()


@pytest.fixture(scope="module")
def sold(store):
    """Sell one product of each category of contracts."""
    categories = ("software", "implementation", "change", "private-cloud", "support")
    products = [make("products", name=f"Sold {key}", code=key, category=key) for key in categories]
    factories.quote(store, items=[{"product": item.pk, "amount": 2, "unit_price": "40"} for item in products])
    sell(store.opportunity, {}, by=SYSTEM)


def open_contract(desk, kind, name):
    """Open a contract of a kind by its name, go back, and open its account beside it."""
    crm(desk, "Contracts")
    follow(desk.get_by_role("main"), kind)
    rows = desk.get_by_role("table", name="Contracts")
    expect(rows.get_by_role("link", name=re.compile("^Sold "))).to_have_count(1)
    rows.get_by_role("link", name=name).click()
    expect(title(desk)).to_contain_text(name)
    desk.go_back()
    rows.get_by_role("row", name=name).get_by_role("link", name="Fjord AS").click()
    expect(title(desk)).to_contain_text("Fjord AS")


def test_op_con_01_software_contracts(desk, sold):
    open_contract(desk, "Software contracts", "Sold software")


def test_op_con_02_implementation_contracts(desk, sold):
    open_contract(desk, "Implementation contracts", "Sold implementation")


def test_op_con_03_change_contracts(desk, sold):
    open_contract(desk, "Change contracts", "Sold change")


def test_op_con_04_private_cloud_contracts(desk, sold):
    open_contract(desk, "Private cloud contracts", "Sold private-cloud")


def test_op_con_05_support_contracts(desk, sold):
    open_contract(desk, "Support contracts", "Sold support")


def test_op_con_06_upsell(desk, sold):
    crm(desk, "Contracts")
    follow(desk.get_by_role("main"), "Software contracts")
    desk.get_by_role("table", name="Contracts").get_by_role("link", name="Sold software").first.click()
    press(panel(desk), "New upsell opportunity")
    expect(desk).to_have_url(re.compile(r"/crm/opportunities/\d+/"))


def test_op_pb_01_new_price_book_and_02_edit_delete(desk, store):
    crm(desk, "Price books")
    follow(desk, "New price book")
    desk.get_by_role("textbox", name="Name").fill("Overseas")
    choose(desk, "Brands", store.brand.name)
    choose(desk, "Projects", store.project.name)
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Overseas")
    follow(panel(desk), "Edit")
    desk.get_by_role("textbox", name="Name").fill("Overseas and islands")
    press(desk, "Update")
    expect(title(desk)).to_contain_text("Overseas and islands")
    more(desk, "Delete")
    agree(desk, "Are you sure?")
    expect(desk).not_to_have_url(re.compile(r"/pricing/books/\d+/$"))


def test_op_pb_04_versions_of_a_template(desk, store, tmp_path):
    file = tmp_path / "offer.txt"
    desk.goto(store.book.get_absolute_url())
    tab(desk, "Files")
    shelf = desk.get_by_role("tabpanel", name="Files")
    for text in ("first", "second"):
        file.write_text(text)
        with desk.expect_response(re.compile("/files")):
            desk.locator("input[type=file]").set_input_files(file)
        expect(shelf).to_contain_text("offer.txt")
    desk.reload()
    shelf.get_by_text("2 versions").click()
    press(shelf, "Make current")
    shelf.get_by_text("2 versions").click()
    with desk.expect_download() as download:
        follow(shelf, "offer.txt")
    assert download.value.path().read_text() == "first"


def test_op_prod_01_new_and_02_copy(desk, store):
    desk.goto(store.book.get_absolute_url())
    follow(panel(desk), "New product")
    desk.get_by_role("textbox", name="Name").fill("Training")
    desk.get_by_role("textbox", name="Code").fill("TRAIN")
    desk.get_by_role("combobox", name="Category").select_option("Implementation services")
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Training")
    press(panel(desk), "Copy")
    dialog(desk, "Copy").get_by_role("textbox", name="Code").fill("TRAIN-2")
    press(dialog(desk, "Copy"), "Save")
    expect(title(desk)).to_contain_text("Training (copy)")


def test_op_prod_03_prices(desk, store, make):
    product = make("products", name="Workshop", code="WS", category="implementation", default_unit="hour")
    desk.goto(product.get_absolute_url())
    panel(desk).get_by_text("Add price books").click()
    desk.get_by_role("checkbox", name=store.book.name).check()
    press(desk, "Save")
    press(desk.get_by_role("main"), "Add")
    desk.get_by_role("textbox", name="Price", exact=True).fill("90")
    press(desk, "Update")
    desk.goto(product.get_absolute_url())
    tab(desk, "Prices")
    expect(desk.get_by_role("tabpanel", name="Prices")).to_contain_text("€90.00")


def test_op_bun_01_new_bundle(desk, store):
    desk.goto(store.book.get_absolute_url())
    follow(panel(desk), "New bundle")
    desk.get_by_role("textbox", name="Name").fill("Team")
    for number, product in enumerate((store.licence, store.setup)):
        if desk.get_by_role("combobox", name="Product", exact=True).count() <= number:
            press(desk, "Add product")
        expect(desk.get_by_role("combobox", name="Product", exact=True)).to_have_count(number + 1)
        choose(desk.get_by_role("row").nth(number + 1), "Product", product.name)
        desk.get_by_role("textbox", name="Weight").nth(number).fill(str(number + 1))
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Team")
    tab(desk, "Products")
    expect(desk.get_by_role("tabpanel", name="Products").get_by_role("row")).to_have_count(3)


def test_op_bun_02_copy_and_create_new(desk, store):
    desk.goto(store.bundle.get_absolute_url())
    press(panel(desk), "Copy and create new")
    press(dialog(desk, "Copy and create new"), "Save")
    expect(title(desk)).to_contain_text("Starter (copy)")


def test_op_bun_03_move_bundle(desk, store, make):
    other = make("price-books", name="Baltic", brands=[store.brand.pk], projects=[store.project.pk])
    bundle = make("bundles", name="Wanderer", price_book=store.book.pk)
    make("bundle-items", bundle=bundle.pk, product=store.licence.pk, weight=1)
    desk.goto(bundle.get_absolute_url())
    press(panel(desk), "Move bundle")
    pick(desk, "Move bundle", other.name)
    expect(dialog(desk, "Move bundle").get_by_role("alert")).to_contain_text(store.licence.name)
    factories.price(other, store.licence, "21", unit="licence", recurrence="monthly")
    press(dialog(desk, "Move bundle"), "Save")
    expect(desk.get_by_role("tabpanel").get_by_role("link", name=other.name).first).to_be_visible()


def test_op_proj_01_opportunity_of_a_project_02_kanban_03_accounts(desk, store):
    desk.goto(store.project.get_absolute_url())
    tab(desk, "CRM")
    follow(desk.get_by_role("main"), "Opportunities")
    follow(desk, "New opportunity")
    desk.get_by_role("textbox", name="Name").fill("Project deal")
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Project deal")
    desk.goto(store.project.get_absolute_url())
    tab(desk, "CRM")
    follow(desk.get_by_role("main"), "Opportunities")
    follow(desk, "Kanban")
    expect(desk.get_by_role("listitem").filter(has_text="Project deal")).to_have_count(1)
    follow(desk.get_by_role("navigation", name="CRM"), "Accounts")
    expect(title(desk)).to_contain_text("Accounts")


def test_op_set_01_turn_on_crm_on_a_project(desk, make):
    project = make("projects", name="Plain", modules=[])
    desk.goto(project.get_absolute_url())
    expect(desk.get_by_role("tab", name="CRM")).to_have_count(0)
    follow(panel(desk), "Edit")
    picker(desk, "Modules").click()
    desk.get_by_role("option", name="CRM").first.click()
    press(desk, "Save")
    expect(desk.get_by_role("tab", name="CRM")).to_be_visible()


def test_op_set_02_permissions_of_a_role(desk):
    desk.goto("/settings/")
    follow(desk.get_by_role("main"), "Roles and permissions")
    follow(desk, "New role")
    desk.get_by_role("textbox", name="Name").fill("Trainee")
    press(desk, "Save")
    expect(desk.get_by_role("main")).to_contain_text("Trainee")


def test_op_set_03_a_field_permission_by_status(desk, new_page, seller, store, make):
    desk.goto("/settings/")
    follow(desk.get_by_role("main"), "CRM field permissions")
    desk.get_by_role("combobox", name="Record type").select_option("Opportunities")
    press(desk, "Show")
    asked = desk.get_by_role("group", name="New field permission")
    asked.get_by_role("combobox", name="Field").select_option("Competitor")
    asked.get_by_role("combobox", name="Permission").select_option("Required")
    asked.get_by_role("combobox", name="Status").select_option("Negotiation")
    press(desk, "Save")
    expect(desk.get_by_role("row", name="Competitor")).to_contain_text("Negotiation")
    deal = make("opportunities", name="Strict deal", project=store.project.pk, assignee=seller.pk, status="negotiation")
    page = new_page(user=seller)
    page.goto(f"{deal.get_absolute_url()}edit")
    press(page, "Save")
    expect(page.get_by_role("alert").first).to_contain_text("Competitor")
    page.get_by_role("textbox", name="Competitor").fill("Kjede AS")
    press(page, "Save")
    expect(title(page)).to_contain_text("Strict deal")


def test_op_set_04_a_custom_field(desk, store):
    desk.goto("/settings/")
    follow(desk.get_by_role("main"), "Custom fields")
    follow(desk, "New custom field")
    expect(title(desk)).to_contain_text("New custom field")
    choose(desk, "Record type", "Opportunities")
    desk.get_by_role("textbox", name="Name").first.fill("Berth")
    press(desk, "Save")
    desk.goto(f"{store.opportunity.get_absolute_url()}edit")
    expect(desk.get_by_role("textbox", name="Berth")).to_be_visible()


def test_op_set_06_b2b_settings(desk, store):
    desk.goto("/settings/")
    follow(desk.get_by_role("main"), "B2B settings")
    choose(desk, "Default campaign project", store.project.name)
    press(desk, "Save")
    expect(title(desk)).to_contain_text("B2B settings")
    desk.goto("/crm/leads/new")
    expect(desk.get_by_role("combobox", name="Project", exact=True)).to_have_value(store.project.name)
