"""What a running Kanal tells of itself: the tally of each request and job, and logs without secrets. No models."""

from kanal.core.observability.tracing import RequestTrace, current, on_finished, request_id, tracing

__all__ = ["RequestTrace", "current", "on_finished", "request_id", "tracing"]
