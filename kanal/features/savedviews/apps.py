"""App configuration."""

from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    """Saved views by mail."""

    name = "kanal.features.savedviews"
    label = "savedviews"

    def ready(self) -> None:
        """Declare that mails stay with their receiver."""
        from kanal.core.references.columns import Policy, declare_policy

        declare_policy(Policy.STAYS, "savedviews.viewmail.user", "savedviews.watch.user")
