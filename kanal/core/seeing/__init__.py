"""What a running Kanal tells of itself: the tally of each request and job, and logs without secrets. No models."""

from kanal.core.seeing.tally import Tally, current, listen, request_id, tallying

__all__ = ["Tally", "current", "listen", "request_id", "tallying"]
