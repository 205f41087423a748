"""The declaration of a record type: one frozen `Entity` in each app's entity.py, the source of everything generic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.action import Action, why_left_out
from kanal.core.marks import Mark
from kanal.core.phrases import Phrases

UPDATE = _("Update")


@dataclass(frozen=True)
class Section:
    """A group of fields in forms, details, API, import and filters. Custom fields are assigned to it by its key."""

    title: Any
    fields: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Listing:
    """The list of a type: default columns, default sort (`-value,name`), fields used by search, status field.

    `default_filter` is the text filter of lists, boards and counts unless the reader sets one. `period` names the field
    with the date that assigns a record to a month or another period. `weighted` names the amount weighted by
    probability, which boards sum up beside that of their cards. `dates` names the date under which calendars show a
    record, and optionally that of its end; without it the type has no calendar. `age` names the moment since which a
    card of a board has been where it is.
    """

    columns: tuple[str, ...]
    sort: str = "-updated_at"
    search: tuple[str, ...] = ()
    status: str = ""
    card: tuple[str, ...] = ()
    default_filter: str = ""
    period: str = "created_at"
    weighted: str = ""
    dates: tuple[str, ...] = ()
    age: str = ""


@dataclass(frozen=True)
class Scope:
    """The columns that determine who sees a record (ACC-3, 5, 8). Names are ORM paths, empty if not applicable.

    `project`: the column of its project's id; `projects`: a path to projects it was added to; `partner`: paths to a
    partner's id; `private`: the column of the only user who sees it, `private_by`: the fields from which it is derived;
    `private_from`: the record from which it is inherited, unless one of `private_unless` is set; `shared`: the column
    by which all internal users see it; `parent`: the record whose visibility it inherits; `owners`: the columns of its
    owners; `inherits`: records whose owners this one copies, so that it is visible to the same users; `also`: functions
    of the user's permissions that return further records on which the actions in `also_for` are permitted (a pool that
    everyone sees and takes from); `locked_under`: a record that is locked before this one, if not the parent (REL-2);
    `choosable`: the records that may be chosen in a field, and so are named there, by users who may not open them;
    `in_use`: the column that says whether a record may be newly chosen. A record not in use remains where it was chosen
    before (ACC-9).
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
        """Return the column of the record that is locked before this one, if any."""
        return self.locked_under or self.parent


@dataclass(frozen=True)
class Rules:
    """An app's rules for its records. Each function takes plain arguments and is independent of requests.

    `derive(record, changed)` fills computed columns before a save; `guard(record, changed, by)` raises Refused if
    the state forbids a change (`changed` is {"*"} for a deletion); `initial(by)` presets a new record's values;
    `check(record, errors)` adds errors between fields; `held(record, user)` returns the reason why the record
    can't be changed now, so that pages don't offer it; `after(record, changed, by)` performs follow-up work in the
    same transaction, `gone(record, by)` that of a deletion; `settled` are the records whose amounts in the main
    currency keep the rate of their day, such as those of a sale (QUOTE-6). `currency_from` are the fields that
    determine a new record's currency if none was chosen: a record it depends on, or its country.
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

    `list` is (entity key, filter with {id}). `new` lists what can be created here. `hidden(record)` omits the tab,
    `hidden_from(record, user)` omits it for those who may not see its contents. Lists without access are omitted.
    `none` is the title of an empty list if it differs from the other type's, “No subtasks yet”. `about` describes the
    origin of its records, and `verbs` names actions of the record that fill it.
    `tells` names the fields (`quotes.value`) that a tab with a context uses: users who can't see them all don't get it.
    An empty `tells` declares that the context only returns what `access.readable` permits (ACC-6).
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
        """Return whether the tab is omitted for a user on a record."""
        return bool(why_left_out(self, record, user))


@dataclass(frozen=True)
class Block:
    """A part of the record's first page, full width: `template` filled by `context(record, user, query)`, as `block`.

    `query` is the query string of the page (which rows are unfolded). The block is omitted if the context is None.
    `tells` as for a tab.
    """

    key: str
    template: str
    context: Callable[[Any, Any, Any], dict[str, Any] | None]
    tells: tuple[str, ...] | None = None


@dataclass(frozen=True)
class FigureValue:
    """The value of a figure with a second line, such as the next end beside a number of contracts."""

    value: Any
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure in the header of the record's page: `value(record, user)` returns a text, number, FigureValue or None.

    A figure without a value is shown as a dash, so that a type always has the same figures. `source(record, user)`
    reads what several figures share, once; their `value` then gets its result instead of the record. `fields` are the
    record's own fields that it uses. It is shown to users who see all of them (ACC-6) and those in `tells`, as for a
    tab. Figures of all apps stand in their `order`.
    """

    key: str
    label: Any
    value: Callable[[Any, Any], Any]
    fields: tuple[str, ...] = ()
    tells: tuple[str, ...] | None = None
    source: Callable[[Any, Any], Any] | None = None
    order: int = 0


@dataclass(frozen=True, eq=False)
class Entity:
    """A record type. `path` is its URL path (`crm/leads`), `title` the column that names a record,
    `phrases` the sentences about the type.

    `main_fields` are those that a form shows first, together with the required ones; the others are under “More
    fields”. Without any, a form shows all in their sections. `internal` names the columns that no page shows.
    `update_label` is the label of the button to save a change (NAV-3).
    `tells_of` names fields from which others can be derived, such as a product of two: users who don't see all of those
    see neither (ACC-6). `marks` are the states in which a record needs attention; their field is `attention`.
    `subtype` is the choice by which records differ in kind: an account's type, a call's category.
    `is_lookup` marks a small type that others choose from: its rows are cached by each process.
    `head` names the fields below a record's title; of alternatives in a tuple, the first with a value; `a+b` joins two
    texts. `has_stages` adds a bar of statuses below them, by which a record is moved on.

    `settings_group` is the heading under which the settings area lists a type of its own: `people`, `intake`, `sales`,
    `products`, `work`, `data` or `system`.

    An independent record declares features that parts of another one and rows of a lookup don't have: an overview
    page, a board by `listing.status`, comments, files, import. A type with `is_creatable=False` has no "new" form,
    one with `is_deletable=False` no delete button and endpoint: only actions create and delete such records.
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
    marks: tuple[Mark, ...] = ()
    head: tuple[str | tuple[str, ...], ...] = ()
    has_stages: bool = False
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
    main_fields: tuple[str, ...] = ()
    settings_group: str = "data"
    internal: tuple[str, ...] = ()
    update_label: Any = UPDATE
    tells_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the type's singular name."""
        return str(self.model._meta.verbose_name)

    @property
    def plural(self) -> str:
        """Return the type's plural name."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def home(self) -> str:
        """Return the URL of the overview page, or of the list if there is none."""
        return f"/{self.path}/"

    @property
    def list_url(self) -> str:
        """Return the URL of the list."""
        return f"/{self.path}/data/" if self.has_overview else self.home

    def url(self, pk: int) -> str:
        """Return the URL of a record's page."""
        return f"/{self.path}/{pk}/"

    @property
    def is_made_from_outside(self) -> bool:
        """Return whether users create such records by form, import or API. Otherwise only actions do."""
        return self.is_creatable or self.is_importable
