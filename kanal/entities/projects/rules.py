"""Decisions about projects."""

import re
from typing import Any

from django.utils.translation import gettext as _

from kanal.kit.text import slugify_key


def identify(project: Any, changed: set[str]) -> None:
    """Make the identifier from the name where none is given."""
    if not project.identifier:
        project.identifier = slugify_key(project.name, "project").replace("_", "-")


def check_project(project: Any, errors: dict[str, list]) -> None:
    """Refuse an identifier that can't stand in an address, and a project below itself."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", project.identifier):
        errors["identifier"] = [_("Use small letters, digits and hyphens.")]
    above, steps = project.parent, 0
    while above is not None and steps < 30:
        if above.pk == project.pk:
            errors["parent"] = [_("A project can't stand below itself.")]
            return
        above, steps = above.parent, steps + 1
