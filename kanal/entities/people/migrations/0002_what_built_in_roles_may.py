"""Take from the built-in role of partners what is decided inside, and let two roles publish saved filters."""

from typing import Any

from django.db import migrations

INSIDE = {"take", "return_to_pool", "add_partner", "assign_partner", "move", "add_task", "unlock"}
PUBLISHERS = ("director", "lead-manager")


def withdraw(apps: Any, schema_editor: Any) -> None:
    """Take the actions out of the role's rules."""
    for rule in apps.get_model("core", "RoleRule").objects.filter(role__key="partner", role__is_builtin=True):
        kept = [action for action in rule.actions if action not in INSIDE]
        if kept != rule.actions:
            rule.actions = kept
            rule.save(update_fields=["actions"])


def let_publish(apps: Any, schema_editor: Any) -> None:
    """Let the built-in roles that steer sales offer saved filters to others, which takes a permission now."""
    for role in apps.get_model("core", "Role").objects.filter(key__in=PUBLISHERS, is_builtin=True):
        role.permissions = sorted({*role.permissions, "publish_filters"})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("core", "0009_change_by_actor")]

    operations = [
        migrations.RunPython(withdraw, migrations.RunPython.noop),
        migrations.RunPython(let_publish, migrations.RunPython.noop),
    ]
