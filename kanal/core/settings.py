"""The settings of the installation: apps declare them, pages edit them, `value` reads them."""

from dataclasses import dataclass
from typing import Any

from kanal.core.cache import cached, invalidate
from kanal.core.fields.field import Field
from kanal.core.models import Setting
from kanal.kit.registries import Registry


@dataclass(frozen=True)
class Declared:
    """A setting: the field to edit it (key, label, help, kind, default) and its page."""

    field: Field
    page: str


_declared: Registry[Declared] = Registry("settings", lambda setting: f"{setting.field.label} ({setting.page})")


def declare(page: str, *fields: Field) -> None:
    """Declare settings on one page of the settings area. The field's help describes each one."""
    for field in fields:
        _declared.register(field.key, Declared(field, page))


def declared(page: str = "") -> list[Declared]:
    """Return the declared settings, of one page or all."""
    return [setting for setting in _declared.values() if page in ("", setting.page)]


@cached
def stored() -> dict[str, Any]:
    """Return the values that differ from the defaults."""
    return dict(Setting.objects.values_list("key", "value"))


def value(key: str) -> Any:
    """Return a setting's value or its default. Raise KeyError for an unknown key."""
    field = _declared[key].field
    stored_values = stored()
    return field.type.load(field, stored_values[key]) if key in stored_values else field.default


def set_setting(key: str, raw: Any) -> None:
    """Validate and store a setting. An empty value resets it to the default. Raise ValueError with the reason."""
    field = _declared[key].field
    dumped = field.dump(field.clean(raw))
    if dumped is None or dumped == field.dump(field.default):
        Setting.objects.filter(key=key).delete()
    else:
        Setting.objects.update_or_create(key=key, defaults={"value": dumped})
    invalidate()
