"""Remove internal decisions from the built-in partner role, and allow two roles to publish saved filters."""

from typing import Any

from django.db import migrations

INSIDE = {"take", "return_to_pool", "add_partner", "assign_partner", "move", "add_task", "unlock"}
PUBLISHERS = ("director", "lead-manager")


def withdraw(apps: Any, schema_editor: Any) -> None:
    """Remove the actions from the role's rules."""
    for rule in apps.get_model("core", "RoleRule").objects.filter(role__key="partner", role__is_builtin=True):
        kept = [action for action in rule.actions if action not in INSIDE]
        if kept != rule.actions:
            rule.actions = kept
            rule.save(update_fields=["actions"])


def let_publish(apps: Any, schema_editor: Any) -> None:
    """Allow the built-in sales management roles to publish saved filters, which now requires a permission."""
    for role in apps.get_model("core", "Role").objects.filter(key__in=PUBLISHERS, is_builtin=True):
        role.permissions = sorted({*role.permissions, "publish_filters"})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("core", "0009_change_by_actor")]

    operations = [
        migrations.RunPython(withdraw, migrations.RunPython.noop),
        migrations.RunPython(let_publish, migrations.RunPython.noop),
    ]
