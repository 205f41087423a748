"""Observability: the trace of each request and job, and logs without secrets. No models."""

from kanal.core.observability.request_trace import RequestTrace, current_trace, on_finished, request_id, tracing

__all__ = ["RequestTrace", "current_trace", "on_finished", "request_id", "tracing"]
