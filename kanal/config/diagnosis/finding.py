"""What `kanal check` finds: one thing that was looked at, and what to do where it is not well."""

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and if not, whether Kanal can do without it."""

    subject: str
    text: str
    _: KW_ONLY
    well: bool = True
    vital: bool = True

    @property
    def level(self) -> str:
        """Return `ok`, `warning` or `error`."""
        return "ok" if self.well else "error" if self.vital else "warning"
