"""Tasks as a record type, and their additions to accounts, contacts and projects."""

from django.utils.translation import gettext_lazy as _

from kanal.core import audit
from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.models import keep_key
from kanal.core.registry import extend, register
from kanal.entities.tasks import actions, phrases, rules
from kanal.entities.tasks.models import Task, TaskStatus, Tracker

OPTION = ("name", "colour", "position", "is_default", "is_active")

TRACKERS = register(
    Entity(
        model=Tracker,
        key="trackers",
        path="settings/trackers",
        title="name",
        phrases=phrases.TRACKER,
        icon="subtask",
        settings_group="work",
        sections=(Section(_("Tracker"), OPTION, "tracker"),),
        listing=Listing(OPTION, "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=keep_key),
        internal=("key", "translations"),
        is_lookup=True,
        update_label=_("Save"),
    )
)
STATUSES = register(
    Entity(
        model=TaskStatus,
        key="task-statuses",
        path="settings/task-statuses",
        title="name",
        phrases=phrases.TASK_STATUS,
        icon="list-check",
        settings_group="work",
        sections=(Section(_("Status"), (*OPTION, "kind"), "status"),),
        listing=Listing((*OPTION, "kind"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=keep_key),
        internal=("key", "translations"),
        is_lookup=True,
        update_label=_("Save"),
    )
)
TASKS = register(
    Entity(
        model=Task,
        key="tasks",
        path="tasks",
        title="subject",
        phrases=phrases.TASK,
        icon="checkbox",
        head=("project", "priority", "assignee", "primary_account", "due", "created_at"),
        sections=(
            Section(
                _("Task"),
                ("subject", "project", "tracker", "status", "priority", "assignee", "parent", "description"),
                "task",
            ),
            Section(_("Time"), ("start", "due", "estimate", "done_percent", "closed_at"), "time"),
            Section(_("Customers"), ("accounts", "primary_account", "contacts"), "customers"),
            Section(_("People"), ("watchers",), "people"),
        ),
        main_fields=("subject", "project", "tracker", "status", "priority", "assignee", "due", "description"),
        listing=Listing(
            ("subject", "project", "tracker", "status", "priority", "assignee", "due", "primary_account"),
            "-updated_at",
            ("subject",),
            status="status",
            card=("priority", "assignee", "due"),
            period="due",
            dates=("due",),
        ),
        scope=Scope(project="project_id", owners=("created_by", "assignee", "watchers")),
        rules=Rules(derive=rules.derive_task, initial=rules.task_defaults, check=rules.check_task),
        actions=(actions.MAKE_PRIMARY,),
        tabs=(
            Tab(
                "subtasks", _("Subtasks"), list=("tasks", "parent:is({id})"), new=("tasks",), none=_("No subtasks yet")
            ),
        ),
        has_board=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
        update_label=_("Save"),
    )
)
extend(
    "accounts",
    actions.NEW_TASK_OF_ACCOUNT,
    Tab("tasks", _("Projects & tickets"), list=("tasks", "accounts:is({id})"), new=("tasks",)),
)
extend("contacts", actions.NEW_TASK_OF_CONTACT)
extend("projects", Tab("tasks", _("Tasks"), list=("tasks", "project:is({id})"), new=("tasks",)))

audit.watch(Tracker, audit.Kind.SETTINGS, "name")
audit.watch(TaskStatus, audit.Kind.SETTINGS, "name")
