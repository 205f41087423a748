"""Texts: plain, long, email, phone, URL, color."""

from django.template.defaultfilters import linebreaksbr
from markupsafe import Markup, escape

from kanal.core.fields.texts import ColourType, EmailType, LinkType, LongTextType, PhoneType, TextType
from kanal.core.listing import Column, Page
from kanal.kit.phones import written_phone
from kanal.web.fieldtypes.fact import Fact
from kanal.web.fieldtypes.presenter import Presenter, Write, presents
from kanal.web.markup import linked, web_link

LONGEST_CELL = 140


def shortened(text: str) -> Markup:
    """Return the beginning of a long text, with the full text as a tooltip."""
    return Markup('<span title="{}">{}…</span>').format(text[:2000], text[:LONGEST_CELL].rstrip())


@presents(TextType)
class TextPresenter(Presenter):
    """A text, shortened in cells."""

    operators = ("contains", "!contains", "starts", "!starts", "is", "not", "empty", "set")

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Shorten long texts."""
        return lambda text: text if len(text) <= LONGEST_CELL else shortened(text)


@presents(LongTextType)
class LongTextPresenter(TextPresenter):
    """A multiline text."""

    control = "textarea"
    is_wide = True
    is_bulky = True

    def html(self, fact: Fact) -> str:
        """Keep line breaks."""
        return linebreaksbr(fact.text)


@presents(EmailType)
class EmailPresenter(TextPresenter):
    """An email address."""

    input_type = "email"
    icon = "mail"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the address as a mail link."""
        return lambda text: linked(f"mailto:{text}", text)

    def fill(self, fact: Fact, value: str) -> None:
        """Set the address with a mail link."""
        super().fill(fact, value)
        fact.href = f"mailto:{fact.text}"


@presents(PhoneType)
class PhonePresenter(TextPresenter):
    """A phone number."""

    input_type = "tel"
    icon = "phone"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the number in groups, as a phone link."""
        return lambda text: linked(f"tel:{text.replace(' ', '')}", written_phone(text))

    def fill(self, fact: Fact, value: str) -> None:
        """Set the number in groups, with a phone link."""
        super().fill(fact, value)
        fact.href = "tel:" + "".join(fact.text.split())
        fact.text = written_phone(fact.text)


@presents(LinkType)
class LinkPresenter(TextPresenter):
    """A URL."""

    input_type = "url"
    icon = "world"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the URL as a link."""
        return web_link

    def fill(self, fact: Fact, value: str) -> None:
        """Set the URL with a link."""
        super().fill(fact, value)
        fact.href = fact.text

    def html(self, fact: Fact) -> Markup | str:
        """Render the link, or plain text if the value isn't a URL."""
        return web_link(fact.text)  # type: ignore[no-any-return]


@presents(ColourType)
class ColourPresenter(TextPresenter):
    """A color as a hex value."""

    control = "colour"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the color with its value."""
        html = '<span class="status plain" style="--color: {}"><span>{}</span></span>'
        return lambda text: Markup(html.replace("{}", escape(text)))  # noqa: S704 - escaped

    def fill(self, fact: Fact, value: str) -> None:
        """Set the color with its value."""
        super().fill(fact, value)
        fact.colour = fact.text
