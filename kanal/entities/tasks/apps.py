"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class TasksConfig(EntityAppConfig):
    """Tasks."""

    name = "kanal.entities.tasks"
