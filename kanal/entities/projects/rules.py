"""Rules of projects."""

import re
from typing import Any

from django.utils.translation import gettext as _

from kanal.kit.chains import is_below_itself
from kanal.kit.text import slugify_key


def identify(project: Any, changed: set[str]) -> None:
    """Set the identifier from the name if there is none."""
    if not project.identifier:
        project.identifier = slugify_key(project.name, "project").replace("_", "-")


def check_project(project: Any, errors: dict[str, list]) -> None:
    """Add errors for an identifier that's invalid in a URL, and a project under itself."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", project.identifier):
        errors["identifier"] = [_("Use lowercase letters, digits and hyphens.")]
    if is_below_itself(project):
        errors["parent"] = [_("A project can't be its own parent.")]
