"""Which pages of types are their own: under a third, or the declaration would be of little use."""

from collections.abc import Iterator

from django.template.loader import select_template
from django.urls import Resolver404, resolve

from kanal.core import registry
from kanal.core.entity import Entity

OWN = {
    "accounts home", "accounts new", "accounts edit", "bundles new", "bundles edit", "contacts home", "contacts new",
    "contracts home", "leads home", "splitter-filters list", "splitter-filters new", "splitter-filters edit",
}  # fmt: skip


def addresses(entity: Entity) -> dict[str, str]:
    """Return where the pages of a type stand, whether it has them or not."""
    many, record_url = f"/{entity.path}/", f"/{entity.path}/1/"
    lists = {"home": many, "list": f"{many}data/"} if entity.has_overview else {"list": many}
    return {**lists, "board": f"{many}kanban/", "new": f"{many}new", "detail": record_url, "edit": f"{record_url}edit"}


def pages() -> Iterator[tuple[str, bool]]:
    """Return the pages that types have, and whether a room answers there or draws the page itself."""
    for entity in registry.all_entities():
        drawn = select_template([f"{entity.key}/overview.html", "pages/overview/type.html"]).template.name
        for name, address in addresses(entity).items():
            try:
                url_name = resolve(address).url_name
            except Resolver404:
                continue
            if url_name == "project":
                continue  # no page of the type: the address reads as a project's identifier
            own = url_name != f"{entity.key}-{name}" or (name == "home" and not str(drawn).startswith("pages/"))
            yield f"{entity.key} {name}", own


def test_less_than_a_third_of_the_pages_are_overridden() -> None:
    """A new page of a type's own is entered above; where a third is reached, the generic pages need rethinking."""
    overridden_by_page = dict(pages())
    assert {name for name, own in overridden_by_page.items() if own} == OWN
    assert len(OWN) * 3 < len(overridden_by_page)
    assert len(overridden_by_page) > 150
