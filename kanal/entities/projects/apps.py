"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class ProjectsConfig(EntityAppConfig):
    """Projects."""

    name = "kanal.entities.projects"
