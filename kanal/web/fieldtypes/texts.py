"""Texts: plain, long, e-mail, phone, web address, colour."""

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
    """Write the beginning of a long text; all of it shows where one points at it."""
    return Markup('<span title="{}">{}…</span>').format(text[:2000], text[:LONGEST_CELL].rstrip())


@presents(TextType)
class TextPresenter(Presenter):
    """A text; in a cell its beginning."""

    operators = ("contains", "starts", "is", "not", "empty", "set")

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Shorten what is long."""
        return lambda text: text if len(text) <= LONGEST_CELL else shortened(text)


@presents(LongTextType)
class LongTextPresenter(TextPresenter):
    """A text of several lines."""

    control = "textarea"
    is_wide = True
    is_bulky = True

    def html(self, fact: Fact) -> str:
        """Keep the lines."""
        return linebreaksbr(fact.text)


@presents(EmailType)
class EmailPresenter(TextPresenter):
    """An address to write to."""

    input_type = "email"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Open the mail program."""
        return lambda text: linked(f"mailto:{text}", text)

    def fill(self, fact: Fact, value: str) -> None:
        """Open the mail program."""
        super().fill(fact, value)
        fact.href = f"mailto:{fact.text}"


@presents(PhoneType)
class PhonePresenter(TextPresenter):
    """A number to call."""

    input_type = "tel"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Call the number, which is written in groups."""
        return lambda text: linked(f"tel:{text.replace(' ', '')}", written_phone(text))

    def fill(self, fact: Fact, value: str) -> None:
        """Call the number, which is written in groups."""
        super().fill(fact, value)
        fact.href = "tel:" + "".join(fact.text.split())
        fact.text = written_phone(fact.text)


@presents(LinkType)
class LinkPresenter(TextPresenter):
    """An address of the web."""

    input_type = "url"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Open the page."""
        return web_link

    def fill(self, fact: Fact, value: str) -> None:
        """Open the page."""
        super().fill(fact, value)
        fact.href = fact.text

    def html(self, fact: Fact) -> Markup | str:
        """Open the page, apart from what is no address."""
        return web_link(fact.text)  # type: ignore[no-any-return]


@presents(ColourType)
class ColourPresenter(TextPresenter):
    """A colour by its hex value."""

    control = "colour"

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Show the colour beside its value."""
        html = '<span class="status plain" style="--color: {}"><span>{}</span></span>'
        return lambda text: Markup(html.replace("{}", escape(text)))  # noqa: S704 - escaped

    def fill(self, fact: Fact, value: str) -> None:
        """Show the colour beside its value."""
        super().fill(fact, value)
        fact.colour = fact.text
