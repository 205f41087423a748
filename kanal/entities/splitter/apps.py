"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class SplitterConfig(EntityAppConfig):
    """The lead splitter."""

    name = "kanal.entities.splitter"
