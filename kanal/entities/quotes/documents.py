"""Quote documents: the templates for a quote, the check of a template, the document and its PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings as django_settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.actor import Actor
from kanal.entities.quotes.disclosure import names_others, told_fields
from kanal.entities.quotes.models import DocumentTemplate, Quote, TemplateReport
from kanal.entities.quotes.tokens import context_of, known_tokens, sample_context
from kanal.features.files.actions import attach
from kanal.features.files.models import File, Version
from kanal.kit import documents
from kanal.kit.errors import Invalid, Refused
from kanal.kit.text import safe_filename


@dataclass(frozen=True)
class Template:
    """A Word file for generating quotes. `key` is the file's id, `name` its label."""

    file: File
    name: str
    language: str = ""

    @property
    def key(self) -> str:
        """Return the key for forms."""
        return str(self.file.pk)

    @property
    def version(self) -> Version:
        """Return the current version."""
        return self.file.versions.get(number=self.file.current)


def templates_for(quote: Quote, user: Any = None) -> list[Template]:
    """Return the templates for a quote: the files of its price book first, then the global ones (DOC-1).

    Internal files aren't available to partner users (ACC-8).
    """
    files = File.objects.filter(name__iendswith=".docx").order_by("name")
    if user is not None and access.permissions_of(user).is_external:
        files = files.filter(is_internal=False)
    own = files.filter(entity="price-books", record_id=quote.price_book_id) if quote.price_book_id else files.none()
    templates = [Template(file, file.name.rsplit(".", 1)[0]) for file in own]
    general = {
        document_template.pk: document_template for document_template in DocumentTemplate.objects.filter(is_active=True)
    }
    for file in files.filter(entity="templates", record_id__in=list(general)):
        template = general[file.record_id]
        templates.append(Template(file, template.name, template.language))
    return templates


def content_of(version: Version) -> bytes:
    """Return a version's content."""
    with version.content.open("rb") as stored:
        return stored.read()


def report_of(version: Version) -> TemplateReport:
    """Return the report of a template's version, created once. Raise DocumentRefused for an invalid file."""
    report = TemplateReport.objects.filter(pk=version.pk).first()
    return report or check_template(version)


def check_template(version: Version) -> TemplateReport:
    """Check a template and store the report: tokens, unknown ones, errors. Includes a trial document (DOC-2)."""
    content = content_of(version)
    report = documents.check_template(content, known_tokens())
    errors = [str(error) for error in report.errors]
    if report.is_sound:
        errors += trial(version, content)
    values = {
        "tokens": list(report.tokens),
        "unknown": [
            {"token": unknown_token.token, "place": str(unknown_token.place), "nearest": unknown_token.nearest}
            for unknown_token in report.unknown
        ],
        "errors": errors,
        "remarks": list(report.remarks),
    }
    return TemplateReport.objects.update_or_create(version=version, defaults=values)[0]  # direct write: not a record


def trial(version: Version, content: bytes) -> list[str]:
    """Return the errors of a document generated from the newest quote visible to the author, or from samples."""
    quotes = access.visible_to(version.author, registry.get("quotes")) if version.author else Quote.objects.none()
    quote = quotes.order_by("-pk").first()
    language = get_language() or django_settings.LANGUAGE_CODE
    context = context_of(quote, user=version.author, language=language) if quote else sample_context()
    if not context["items"]:
        context["items"] = sample_context()["items"]
    try:
        documents.render(content, context, language)
    except documents.DocumentRefused as refused:
        return [_("A trial document couldn't be generated: %(why)s") % {"why": refused}]
    return []


def language_of(quote: Quote, template: Template) -> str:
    """Return the language of a document."""
    return template.language or quote.language or get_language() or django_settings.LANGUAGE_CODE


def generate(quote: Quote, template: Template, *, by: Actor) -> Version:
    """Generate a quote's document and attach it to the opportunity, as a new version if there is one (DOC-3).

    It's visible to users who can read all fields disclosed by it (ACC-6), and internal if it names a customer hidden
    from the deal's partner (ACC-8). A PDF is created by a job if LibreOffice is installed.
    """
    content = content_of(template.version)
    report = documents.check_template(content, known_tokens())
    if not report.is_sound:
        raise Refused(why_unsound(report))
    language = language_of(quote, template)
    context = context_of(quote, user=by.user, language=language)
    made = documents.render(content, context, language)
    name = safe_filename(f"{quote.number} {quote.name} - {template.name}.docx")
    with transaction.atomic():
        entity = registry.get("opportunities")
        tells = told_fields(report.tokens, by.user)
        actor = by.within_action("generate")  # permitted: by the page or the endpoint of “generate”
        attached = attach(
            entity, quote.opportunity_id, name, made, by=actor, tells=tells,
            is_internal=names_others(quote.opportunity, report.tokens),
        )  # fmt: skip
        from kanal.entities.quotes.jobs import make_pdf

        make_pdf.defer(version_id=attached.pk, user_id=by.user_id)
    return attached


def why_unsound(report: documents.TemplateReport) -> str:
    """Return the errors of a template with their locations and suggestions."""
    parts = [str(error) for error in report.errors]
    for unknown_token in report.unknown:
        text = _("unknown token “%(token)s” (%(place)s)") % {"token": unknown_token.token, "place": unknown_token.place}
        parts.append(
            text
            + (_(", did you mean “%(nearest)s”?") % {"nearest": unknown_token.nearest} if unknown_token.nearest else "")
        )
    return _("The template can't be used: %(what)s") % {"what": "; ".join(parts)}


def generate_by_id(quote: Quote, values: Mapping[str, Any], *, by: Actor) -> None:
    """Generate a document from the template with this key, which must be available for the quote."""
    template = next(
        (candidate for candidate in templates_for(quote, by.user) if candidate.key == str(values.get("template"))), None
    )
    if template is None:
        raise Invalid.on("template", _("Choose a template."))
    generate(quote, template, by=by)


def hear_of_upload(entity: Any, record_id: int, file_name: str, version: Version) -> None:
    """Check a template on upload: a harmful file is rejected, unknown tokens are reported (DOC-2, DOC-4)."""
    word = file_name.lower().endswith((".docx", ".docm", ".dotx", ".dotm"))
    if entity.key == "templates" and not word:
        raise Invalid.on("file", _("A template is a Word file (.docx)."))
    if entity.key in ("templates", "price-books") and word:
        check_template(version)
