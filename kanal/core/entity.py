"""The declaration of a record type: one frozen `Entity` in each room's entity.py; all generic things follow from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.action import Action, why_left_out
from kanal.core.phrases import Phrases

UPDATE = _("Update")


@dataclass(frozen=True)
class Section:
    """A group of fields: it is form, detail, API, import and filters at once. Custom fields join it by its key."""

    title: Any
    fields: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Listing:
    """How a type is listed: default columns, default sort (`-value,name`), fields that search reads, status field.

    `default_filter` is the text filter that a list, a board and a count have as long as the reader gives none; `period`
    names the field with the date by which a record is counted in a month or another period; `weighted` the amount
    weighed by probability, which boards sum up beside that of their cards.
    """

    columns: tuple[str, ...]
    sort: str = "-updated_at"
    search: tuple[str, ...] = ()
    status: str = ""
    card: tuple[str, ...] = ()
    default_filter: str = ""
    period: str = "created_at"
    weighted: str = ""


@dataclass(frozen=True)
class Scope:
    """Which columns decide who sees a record (ACC-3, 5, 8). Names are ORM paths; an empty one does not apply.

    `project` the column of its project's id; `projects` a path to projects it was added to; `partner` paths to a
    partner's id; `private` the column of the only user who sees it, `private_by` the fields from which that is derived;
    `private_from` the record from which it is taken over, where none of `private_unless` is set; `shared` the column by
    which all users of the own company see it; `parent` the record with which alone it is seen; `owners` the columns of
    those to whom it belongs; `inherits` records whose owners this one copies, so that who sees them sees it; `also`
    functions of the user's permissions that tell with which further records somebody may do the actions named in
    `also_for` (a free pool that all see and take from); `locked_under` a record that is locked before this one, where
    it is another than the parent (REL-2); `choosable` which records may be chosen in a field, and so are named there,
    by users who may not open them; `in_use` the column that says whether a record may be chosen anew: one that is not
    in use stays where it was chosen before (ACC-9).
    """

    project: str = ""
    projects: str = ""
    partner: tuple[str, ...] = ()
    private: str = ""
    private_by: tuple[str, ...] = ()
    private_from: str = ""
    private_unless: tuple[str, ...] = ()
    shared: str = ""
    parent: str = ""
    inherits: tuple[str, ...] = ()
    owners: tuple[str, ...] = ("created_by", "assignee")
    also: tuple[Callable[[Any], Any], ...] = ()
    also_for: tuple[str, ...] = ("view",)
    choosable: Callable[[Any], Any] | None = None
    locked_under: str = ""
    in_use: str = ""

    @property
    def locked_with(self) -> str:
        """Name the column of the record that is locked before this one, if there is any."""
        return self.locked_under or self.parent


@dataclass(frozen=True)
class Rules:
    """What a room decides about its records; each function gets plain arguments and touches no request.

    `derive(record, changed)` fills computed columns before a save; `guard(record, changed, by)` raises Refused where
    the state forbids a change (`changed` is {"*"} for a deletion); `initial(by)` presets a new record's values;
    `check(record, errors)` adds what is wrong between fields; `held(record, user)` gives the reason why nothing of it
    can be changed now, so that pages do not offer it; `after(record, changed, by)` does what belongs to the
    same transaction, `gone(record, by)` to that of a deletion; `settled` are the records whose amounts in the main
    currency stay at the rate of their day, as those of a sale do (QUOTE-6). `currency_from` are the fields that say in
    which currency a new record's amounts are where nobody chose one: what it stands on, or its country.
    """

    derive: Callable[[Any, set[str]], None] | None = None
    guard: Callable[[Any, set[str], Any], None] | None = None
    initial: Callable[[Any], dict[str, Any]] | None = None
    check: Callable[[Any, dict[str, list]], None] | None = None
    held: Callable[[Any, Any], Any] | None = None
    after: Callable[[Any, set[str], Any], None] | None = None
    gone: Callable[[Any, Any], None] | None = None
    settled: Any = None
    currency_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tab:
    """A tab of the record's page: `template` filled by `context(record, user)`, or the list of another type by `list`.

    `list` is (entity key, filter with {id}); `new` lists what can be begun from here; `hidden(record)` leaves it out,
    `hidden_from(record, user)` for who may not see what it holds. A list of a type that one may not see is left out.
    `none` is the title of an empty list whose label is not the other type's, “No subtasks yet”; `about` says where its
    records come from, and `verbs` names actions of the record that fill it.
    `tells` names the fields (`quotes.value`) of which a tab with a context tells: who does not see them all has none.
    Nothing in it says that the context gives what `access.readable` lets through (ACC-6).
    """

    key: str
    label: Any
    template: str = ""
    context: Callable[[Any, Any], dict[str, Any]] | None = None
    list: tuple[str, str] | None = None
    new: tuple[str, ...] = ()
    hidden: Callable[[Any], bool] | None = None
    hidden_from: Callable[[Any, Any], bool] | None = None
    tells: tuple[str, ...] | None = None
    verbs: tuple[str, ...] = ()
    none: Any = ""
    about: Any = ""

    def is_hidden(self, record: Any, user: Any) -> bool:
        """Return whether the tab is left out for a user on a record as it is."""
        return bool(why_left_out(self, record, user))


@dataclass(frozen=True)
class Block:
    """A part of the record's first page, full width: `template` filled by `context(record, user, query)`, as `block`.

    `query` is what stands behind the page's address (which rows are unfolded); a context of None leaves the block out.
    `tells` as of a tab.
    """

    key: str
    template: str
    context: Callable[[Any, Any, Any], dict[str, Any] | None]
    tells: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Figure:
    """A figure in the head of the record's page: `value(record, user)` gives text or a number to show, or None.

    `fields` are the record's own fields that it tells of: it is shown to those who see them all (ACC-6), and those that
    `tells` names, as of a tab.
    """

    key: str
    label: Any
    value: Callable[[Any, Any], Any]
    fields: tuple[str, ...] = ()
    tells: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Entity:
    """A record type. `path` is its address below the site (`crm/leads`); `title` the column that names a record;
    `phrases` the sentences about the type.

    `internal` names the columns that no page shows; `update_label` is on the button that stores a change (NAV-3).
    `tells_of` names fields from which others can be read, such as a product of two: who does not see all of those sees
    neither (ACC-6). `subtype` is the choice by which records differ in kind: an account's type, a call's category.
    `is_lookup` marks a small type that others choose from: its rows are cached by each process.

    A record that stands on its own declares what a part of another one, or a row of a lookup, does without: an overview
    page, a board by `listing.status`, comments, files, import. A type with `is_creatable=False` has no "new" form, with
    `is_deletable=False` no delete button and endpoint: only actions create and delete such records.
    """

    model: Any
    key: str
    path: str
    title: str
    phrases: Phrases
    sections: tuple[Section, ...]
    listing: Listing
    icon: str = "circle"
    scope: Scope = field(default_factory=Scope)
    rules: Rules = field(default_factory=Rules)
    actions: tuple[Action, ...] = ()
    tabs: tuple[Tab, ...] = ()
    figures: tuple[Figure, ...] = ()
    subtype: str = ""
    is_lookup: bool = False
    has_overview: bool = False
    has_board: bool = False
    has_comments: bool = False
    has_files: bool = False
    has_history: bool = True
    is_creatable: bool = True
    is_deletable: bool = True
    is_importable: bool = False
    is_exportable: bool = True
    is_searchable: bool = True
    internal: tuple[str, ...] = ()
    update_label: Any = UPDATE
    tells_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the type's name for one record."""
        return str(self.model._meta.verbose_name)

    @property
    def plural(self) -> str:
        """Return the type's name for several records."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def home(self) -> str:
        """Return the address of the overview page, of the list where there is none."""
        return f"/{self.path}/"

    @property
    def list_url(self) -> str:
        """Return the address of the list."""
        return f"/{self.path}/data/" if self.has_overview else self.home

    def url(self, pk: int) -> str:
        """Return the address of one record's page."""
        return f"/{self.path}/{pk}/"

    @property
    def is_made_from_outside(self) -> bool:
        """Return whether users make such records, by form or by import and API; else verbs alone make them."""
        return self.is_creatable or self.is_importable
