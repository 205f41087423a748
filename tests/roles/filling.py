"""Fills in forms of pages as somebody does who takes what each control offers, and no more."""

import json
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

numbers = count(1)
STEPS = 4
TOKEN = "csrfmiddlewaretoken"
INVENTED = {
    "date": "2026-04-01", "datetime-local": "2026-04-01T10:00", "url": "https://example.com", "tel": "+4721000000",
}  # fmt: skip


class StuckError(AssertionError):
    """Somebody gets no further: a page refuses, or a control has nothing to choose from."""


class Filler:
    """Somebody at a browser without scripts, who finishes what a page begins."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def finish(self, url: str, changes: dict[str, Any] | None = None) -> Any:
        """Open a page, fill its form in and send it, step by step to the end; return the last answer."""
        answer, number = self.choose_kind(self.open(url), url), 0
        while (form := main_form(answer)) is not None and number < STEPS:
            data = self.filled(form, changes or {})
            answer = self.client.post(form.get("action") or address_of(answer), data)
            if answer.status_code in (301, 302, 303):
                return self.arrive(answer.headers["Location"])
            if answer.status_code >= 300 or is_refused(answer):
                sent = {name: values for name, values in data.items() if any(values) and name != TOKEN}
                raise StuckError(f"{answer.status_code} {told_by(answer)} by {sent}"[:600])
            number += 1
        raise StuckError(f"no end after {number} forms of {url}")

    def choose_kind(self, answer: Any, url: str) -> Any:
        """Follow the first link of a page that asks first of which kind something is to be."""
        if main_form(answer) is not None:
            return answer
        path = url.partition("?")[0]
        links = html.fromstring(answer.content.decode()).xpath("//main//a/@href")
        further = next((link for link in links if link.startswith((f"{path}?", "?"))), None)
        return self.open(f"{path}{further}" if further.startswith("?") else further) if further else answer

    def press(self, url: str) -> Any:
        """Press a button that asks nothing."""
        answer = self.client.post(url)
        if answer.status_code not in (301, 302, 303):
            raise StuckError(f"{answer.status_code} {told_by(answer)}")
        return self.arrive(answer.headers["Location"])

    def open(self, url: str) -> Any:
        """Open a page."""
        answer = self.client.get(url, follow=True)
        if answer.status_code != 200:
            raise StuckError(f"GET {url}: {answer.status_code} {told_by(answer)}")
        return answer

    def arrive(self, url: str) -> Any:
        """Follow where an answer leads; it must be a page that is there."""
        return self.open(url)

    def filled(self, form: Any, changes: dict[str, str]) -> dict[str, list[str]]:
        """Return what would be sent once everything that is asked for is filled in."""
        values: dict[str, list[str]] = {}
        for control in form.iter("input", "select", "textarea"):
            name = control.get("name")
            if name and control.get("disabled") is None:
                values.setdefault(name, []).extend(self.value_of(form, control, changes.get(name)))
        button = primary_button(form)
        if button is None:
            raise StuckError(f"no button: {' '.join(form.text_content().split())[:300]}")
        if button.get("name"):
            values[button.get("name")] = [button.get("value") or ""]
        return values

    def value_of(self, form: Any, control: Any, given: str | None) -> list[str]:
        """Return what a control sends."""
        kind = control.get("type", "text")
        if control.tag == "select":
            return self.chosen(control, given)
        if kind == "file":
            return [SimpleUploadedFile("rows.csv", b"Product code,Price\nCRM,10\n")]  # type: ignore[list-item]
        if kind == "radio":
            return radio_value(form, control)
        if kind == "checkbox":
            is_first = control.get("name") == "pick" and not form.xpath(".//input[@name='pick'][@checked]")
            first = form.xpath(".//input[@name='pick']")[:1] if is_first else []
            return [control.get("value") or "on"] if control.get("checked") is not None or control in first else []
        stands = (control.text or "") if control.tag == "textarea" else control.get("value", "")
        if given is not None and not stands:
            return [str(given)]
        return [stands or (invented(control) if control.get("required") is not None else "")]

    def chosen(self, control: Any, given: str | None) -> list[str]:
        """Return what a list or a picker sends; from one that is required, the first that it offers."""
        options = [option.get("value", option.text_content()) for option in control.iter("option")]
        selected = [
            option.get("value", option.text_content())
            for option in control.iter("option")
            if option.get("selected") is not None
        ]
        if selected or given is not None:
            return selected or [str(given)]
        if control.get("required") is None:
            return [] if control.get("multiple") is not None or not options else options[:1]
        offered = [option for option in options if option]
        if control.get("data-url"):
            offered = [str(item["id"]) for item in self.offered(control.get("data-url"))]
        if not offered:
            raise StuckError(f"nothing to choose for {control.get('name')}")
        return offered[:1]

    def offered(self, url: str) -> list[dict[str, Any]]:
        """Return what a picker offers."""
        answer = self.client.get(url)
        if answer.status_code != 200:
            raise StuckError(f"GET {url}: {answer.status_code}")
        return json.loads(answer.content)["items"]


def address_of(answer: Any) -> str:
    """Return the address of a page."""
    request = answer.request
    return f"{request['PATH_INFO']}?{request['QUERY_STRING']}"


def main_form(answer: Any) -> Any:
    """Return the form that a page is about: the one with most controls; None where there is none."""
    if answer.status_code != 200 or not answer.content.strip():
        return None
    page = html.fromstring(answer.content.decode())
    forms = page.xpath("//main//form[@method='post'][.//button[@type='submit' or not(@type)]]")
    return max(forms, key=lambda candidate: len(list(candidate.iter("input", "select", "textarea"))), default=None)


def primary_button(form: Any) -> Any:
    """Return the button that goes on."""
    buttons = [button for button in form.iter("button") if button.get("type", "submit") == "submit"]
    buttons = [button for button in buttons if button.get("disabled") is None and button.get("aria-disabled") != "true"]
    strong = [
        button
        for button in buttons
        if {"btn-primary", "btn-success", "btn-danger"} & set(button.get("class", "").split())
    ]
    return next(iter(strong or buttons), None)


def radio_value(form: Any, control: Any) -> list[str]:
    """Return what a radio button sends: where none of its group is chosen, the first is."""
    group = form.xpath(f".//input[@type='radio'][@name='{control.get('name')}']")
    chosen = next((radio for radio in group if radio.get("checked") is not None), group[0])
    return [control.get("value")] if control is chosen else []


def invented(control: Any) -> str:
    """Return a value for a control that must hold one."""
    kind, number = control.get("type", "text"), next(numbers)
    if kind == "email":
        return f"somebody{number}@kanal.example"
    if control.get("inputmode") == "decimal":
        return "1"
    return INVENTED.get(kind, f"New {number}"[-int(control.get("maxlength") or 99) :])


def is_refused(answer: Any) -> bool:
    """Return whether a page shows its form again because of what was entered."""
    return b"error-summary" in answer.content or b'class="alert error"' in answer.content


def told_by(answer: Any) -> str:
    """Return what a page says is wrong."""
    if not answer.content or b"<" not in answer.content:
        return answer.content.decode()[:300]
    page = html.fromstring(answer.content.decode())
    said = page.xpath("//*[@role='alert']|//*[contains(@class,'error')]|//main")
    return " ".join(said[0].text_content().split())[:300] if said else ""
