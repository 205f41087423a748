"""Mails about saved filters: the rows of a view, records that entered or left, and why mails have stopped.

They are written in the active context, which is the receiver's: user, time zone, language and day.
"""

from itertools import islice
from typing import Any
from urllib.parse import urljoin

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kanal.core import access, audit, registry
from kanal.core.entity import Entity
from kanal.core.listing import Column, Page, columns_of, count_of, read_page
from kanal.features.exporting.formats import FORMATS
from kanal.features.exporting.rows import ExportRows
from kanal.features.savedviews.models import Subscription, ViewMail, Watch
from kanal.features.savedviews.subscriptions import query_of
from kanal.kit.numbers import format_number, money_brief
from kanal.web.fieldtypes import presenter_of
from kanal.web.savedfilters.offer import url_of

ROWS = 50
MOST_ATTACHED = 5_000
CSV = "csv"


def send_mail(subscription: Subscription, template: str, subject: str, context: dict[str, Any], *files: Any) -> None:
    """Send a mail as text and HTML, with attachments: (file name, content, content type)."""
    page = (
        f"/saved-filters/{subscription.saved_id}/"
        if subscription.saved_id
        else f"/saved-filters/{subscription.entity}/"
    )
    context = {"name": subscription.name, "settings_url": urljoin(subscription.address, page), **context}
    text, html = (render_to_string(f"mail/{template}.{ending}", context) for ending in ("txt", "html"))
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[subscription.user.email])
    message.attach_alternative(html, "text/html")
    for file in files:
        message.attach(*file)
    message.send()


def mail_view(mail: ViewMail) -> None:
    """Mail the first rows of a view, and all of it as CSV if the receiver may export it."""
    saved, user, entity = mail.saved, mail.user, registry.get(mail.entity)
    assert saved is not None
    ask = query_of(saved, entity, user).but(limit=ROWS)
    columns = columns_of(entity, ask.columns, ask.reader)
    page = read_page(ask, columns)
    count = count_of(ask)
    number = format_number(count.number, get_language() or "en")
    counted = _("about %(number)s") % {"number": number} if count.is_estimate else entity.phrases.counted(count.number)
    files = []
    if 0 < count.number <= MOST_ATTACHED and access.has_permission(user, entity, "export"):
        audit.note(audit.Kind.EXPORT, user, f"{entity.plural} (csv): {saved.name}", entity=entity.key)
        export = FORMATS[CSV]
        content = "".join(map(str, export.write(ExportRows(ask, columns))))
        files.append((export.file_name(entity), content, "text/csv"))
    context = {
        "counted": counted,
        "heads": [(column.label, column.is_numeric) for column in columns],
        "rows": [row_of(mail, entity, page, row) for row in page.rows],
        "has_more": count.number > len(page.rows),
        "has_file": bool(files),
        "url": urljoin(mail.address, url_of(saved, entity)),
    }
    send_mail(mail, "view", f"{saved.name}: {counted}", context, *files)


def row_of(mail: Subscription, entity: Entity, page: Page, row: Any) -> dict[str, Any]:
    """Return a row of the mail's table: its cells as text, the first one as a link."""
    cells = [(cell_text(column, page, row.values[column.key]), column.is_numeric) for column in page.columns]
    return {"title": row.title, "url": urljoin(mail.address, entity.url(row.id)), "cells": cells}


def cell_text(column: Column, page: Page, value: Any) -> str:
    """Return a value of a list as text in the reader's language, a related record by its name if it's visible."""
    if value in (None, "", []):
        return ""
    field = column.field
    if column.category == "relation":
        return page.name_of(field.target, value) or ""
    if column.category == "relations":
        return ", ".join(filter(None, (page.name_of(field.target, pk) for pk in value)))
    if column.category == "money":
        return money_brief(value.amount, value.currency, get_language() or "en")
    return presenter_of(field).text(field, value)


def mail_changes(watch: Watch, entered: list[int], left: list[int]) -> None:
    """Mail which records entered and left a filter. Those that the receiver doesn't see any more aren't named."""
    entity = registry.get(watch.entity)
    names = access.display_names(watch.user, entity, [*entered[:ROWS], *left[:ROWS]])
    parts = []
    if entered:
        parts.append(ngettext("%(count)s entered", "%(count)s entered", len(entered)) % {"count": len(entered)})
    if left:
        parts.append(ngettext("%(count)s left", "%(count)s left", len(left)) % {"count": len(left)})
    context = {
        "groups": [
            {
                "title": title,
                "records": [
                    {"title": names[pk], "url": urljoin(watch.address, entity.url(pk))}
                    for pk in islice(pks, ROWS)
                    if pk in names
                ],
                "others": len(pks) - sum(pk in names for pk in pks[:ROWS]),
            }
            for title, pks in ((_("Entered"), entered), (_("Left"), left))
            if pks
        ],
        "url": urljoin(watch.address, url_of(watch.saved, entity) if watch.saved else ""),
    }
    send_mail(watch, "changes", f"{watch.name}: {', '.join(parts)}", context)


def mail_stop(subscription: Subscription, reason: str) -> None:
    """Mail why a user gets no more mails about a filter, unless they can't get any."""
    if subscription.user.is_active and subscription.user.email:
        subject = _("%(name)s: no more mails") % {"name": subscription.name}
        send_mail(subscription, "stopped", subject, {"reason": reason})
