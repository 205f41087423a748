"""A finding of `kanal check`: what was checked, and how to fix it."""

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True)
class Finding:
    """The result of a check: whether it passed, and if not, whether Kanal can run without it."""

    subject: str
    text: str
    _: KW_ONLY
    well: bool = True
    vital: bool = True

    @property
    def level(self) -> str:
        """Return `ok`, `warning` or `error`."""
        return "ok" if self.well else "error" if self.vital else "warning"
