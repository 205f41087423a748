"""Jobs for quotes: PDFs of Word documents."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import registry
from kanal.core.actor import Actor, ChangeSource
from kanal.core.jobs import job
from kanal.features.files.actions import attach
from kanal.features.files.models import Version
from kanal.kit.documents import makes_pdf, to_pdf
from kanal.kit.errors import Refused


@job("quotes.make_pdf", label=gettext_lazy("PDF of a document"))
def make_pdf(version_id: int, user_id: int | None) -> None:
    """Attach a PDF of a Word document with the same name, if LibreOffice is installed.

    Raise Refused on failure, so that the job is retried and listed among failed jobs (REL-4).
    """
    version = Version.objects.select_related("file").filter(pk=version_id).first()
    if version is None or not makes_pdf():
        return
    with version.content.open("rb") as stored:
        made = to_pdf(stored.read())
    if made is None:
        raise Refused(_("LibreOffice could not make a PDF of “%(name)s”.") % {"name": version.file.name})
    file = version.file
    user = get_user_model().objects.filter(pk=user_id).first() if user_id else None
    name = file.name.removesuffix(".docx") + ".pdf"
    by = Actor(user, ChangeSource.JOB).within_action("generate")  # permitted: to the user who generated the document
    attach(registry.get(file.entity), file.record_id, name, made, by=by, is_internal=file.is_internal, tells=file.tells)
