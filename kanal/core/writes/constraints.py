"""User messages for violated database constraints, and for dependents that prevent a deletion."""

from collections.abc import Sequence
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _
from psycopg.errors import ForeignKeyViolation

from kanal.core.entity import Entity
from kanal.core.references.dependents import blocking_labels
from kanal.kit.errors import Invalid, Refused


def explain_violation(model: Any, problem: IntegrityError) -> Exception:
    """Convert a violated constraint to an error of its field, or of the whole record."""
    name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None) or ""
    column = getattr(getattr(problem.__cause__, "diag", None), "column_name", None) or ""
    if column:
        return Invalid.on(column.removesuffix("_id"), _("This field is required."))
    for constraint in model._meta.constraints:
        if constraint.name == name:
            fields = [field_name for field_name in getattr(constraint, "fields", ()) or () if field_name != "entity"]
            message = constraint.violation_error_message
            if not constraint.violation_error_message or "%(name)s" in str(message):
                message = _("Another record already has this value.") if fields else _("These values are not valid.")
            return Invalid.on(fields[-1] if fields else "", str(message))
    for field in model._meta.fields:
        if field.unique and f"_{field.column}_" in name:
            return Invalid.on(field.name, _("Another record already has this value."))
    return Refused(_("Other records depend on this record, or it has been deleted."))


def unfit(problem: DataError) -> Invalid:
    """Convert a value rejected by the database itself to an error of the whole record."""
    field = str(getattr(getattr(problem.__cause__, "diag", None), "column_name", None) or "").removesuffix("_id")
    return Invalid.on(field, _("A value is out of range, or contains a character that can't be stored."))


def concurrent_delete(problem: IntegrityError) -> Refused | None:
    """Convert a reference broken at the commit to a Refused: another user deleted the record (REL-2)."""
    if not isinstance(problem.__cause__, ForeignKeyViolation):
        return None
    return Refused(_("Somebody changed or deleted a related record in the meantime. Please try again."))


def refusal_of_deletion(entity: Entity, ids: Sequence[int]) -> Refused:
    """Return the error that names the dependents preventing a deletion, and the alternative."""
    types = {"types": ", ".join(blocking_labels(entity, ids))}
    if entity.scope.in_use:
        text = _(
            "This can't be deleted because other records depend on it (%(types)s). Deactivate it instead: it can no"
            " longer be chosen."
        )
        return Refused(text % types)
    return Refused(_("This can't be deleted because other records depend on it: %(types)s.") % types)
