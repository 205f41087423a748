"""Splitting of full names into the fields of a record."""

from kanal.kit.names import split_name


def split_full_name(whole: str) -> dict[str, str]:
    """Return a full name's parts as field values."""
    name = split_name(whole)
    return {"first_name": name.first, "last_name": f"{name.last} {name.suffix}".strip(), "title": name.titles}
