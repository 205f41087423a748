"""A form of a page as a browser holds it: what stands in its controls, filling them in, what is sent."""

from html.parser import HTMLParser
from typing import Any

from kanal.core.entity import Entity
from kanal.core.fields import fields_of


class FormOnPage(HTMLParser):
    """The controls of the page's form of a record: name → what would be sent."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.controls: dict[str, list[str]] = {}
        self.inside = False
        self.select = ""
        self.area = ""
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control with what stands in it."""
        given = dict(attrs)
        if tag == "form":
            self.inside = "form-page" in (given.get("class") or "")
        name = given.get("name") or ""
        if not self.inside:
            return
        if tag == "option" and self.select:
            self.option(given)
        elif tag == "input" and name:
            sent = given.get("value") or ""
            self.controls[name] = [sent] if given.get("type") != "checkbox" or "checked" in given else []
        elif tag in ("select", "textarea") and name:
            self.controls[name] = [] if tag == "select" else [""]
            self.select, self.area = (name, "") if tag == "select" else ("", name)

    def option(self, given: dict[str, str | None]) -> None:
        """Note a chosen option; without one a select sends its first."""
        if "selected" in given and given.get("value"):
            self.controls[self.select] = [*self.controls[self.select], str(given["value"])]

    def handle_endtag(self, tag: str) -> None:
        """Leave a form, a select or a text area."""
        if tag == "form":
            self.inside = False
        if tag in ("select", "textarea"):
            self.select = self.area = ""

    def handle_data(self, data: str) -> None:
        """Take what stands in a text area."""
        if self.area:
            self.controls[self.area] = [self.controls[self.area][0] + data.removeprefix("\n")]

    def fill(self, entity: Entity, values: dict[str, Any]) -> None:
        """Type values as JSON has them into the controls of their fields."""
        fields = fields_of(entity)
        for key, value in values.items():
            assert key in self.controls, f"the form has no control for {key}: {sorted(self.controls)}"
            category = fields[key].type.category
            if category == "money":
                self.controls[f"{key}_currency"] = [value["currency"]]
                value = value["amount"]
            if category == "datetime":
                value = value.removesuffix("Z")
            if isinstance(value, list):
                self.controls[key] = [str(item) for item in value]
            else:
                self.controls[key] = [] if value is False else ["true" if value is True else str(value)]


def send_form(client: Any, url: str, entity: Entity, values: dict[str, Any]) -> Any:
    """Open a form, type values into it and send it; return the answer."""
    page = client.get(url)
    assert page.status_code == 200, f"{url}: {page.status_code}"
    form = FormOnPage(page.content)
    form.fill(entity, values)
    return client.post(url, form.controls)


def wrong_in(response: Any) -> str:
    """Return what a form says is wrong."""
    form = response.context and response.context.get("form")
    return f"{response.status_code} {form.summary if form else ''}"
