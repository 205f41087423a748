"""Human-readable descriptions of failures (REL-4)."""

import errno

from django.utils.translation import gettext as _

from kanal.kit.errors import KanalError


def describe(problem: BaseException) -> str:
    """Return a sentence that describes a failure."""
    text = str(problem).strip()
    if isinstance(problem, KanalError):
        return text or _("This is not permitted.")
    if "No space left on device" in text or getattr(problem, "errno", None) == errno.ENOSPC:
        return _("The disk is full. Free some space, then retry the job.")
    if isinstance(problem, TimeoutError):
        return _("The other server took too long to answer.")
    if isinstance(problem, ConnectionError):
        return _("The other server can't be reached.")
    first = (text.splitlines() or [""])[0][:300]
    name = f"{type(problem).__name__}: {first}" if first else type(problem).__name__
    return _("Something unexpected went wrong (%(problem)s). See the log for details.") % {"problem": name}
