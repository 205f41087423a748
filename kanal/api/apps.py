"""Registers the API and its settings."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST interface."""

    name = "kanal.api"
    label = "api"

    def ready(self) -> None:
        """Register the clean-up job, declare the limits, and listen for erased persons."""
        from kanal.api import cleanup, idempotency, rate_limiting  # noqa: F401
        from kanal.core import events
        from kanal.core.references.columns import Policy, declare_policy

        rate_limiting.declare_limits()
        declare_policy(Policy.STAYS, "api.keptanswer.user")
        events.on("person.forgotten", idempotency.forget_answers)
