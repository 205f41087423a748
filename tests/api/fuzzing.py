"""Requests made from the OpenAPI document by schemathesis (SEC-4), sent in process and undone after each."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kanal.api.openapi.document import document
from kanal.api.urls import api
from tests.contract.world import World

EXAMPLES = int(os.environ.get("KANAL_FUZZ_EXAMPLES", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = {"fitting": GenerationMode.POSITIVE, "unfitting": GenerationMode.NEGATIVE}


@contextmanager
def one_connection() -> Iterator[None]:
    """Let requests use the test's own connection, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> Iterator[Any]:
    """Read all operations of the document."""
    schema = schemathesis.openapi.from_dict(document(api))
    schema.app = get_wsgi_application()
    for operation in schema.get_all_operations():
        yield operation.ok()


def faults_of(operation: Any, world: World, user: str, mode: str, examples: int = EXAMPLES) -> list[str]:
    """Try an operation as a user; return what its answers have that the document does not say."""
    faults: dict[str, str] = {}
    record = world.records.get(operation.path.split("/")[3])
    headers = {"Authorization": f"Bearer {world.tokens[user]}"}

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=MODES[mode]))
    def send(case: Any) -> None:
        if record is not None and "pk" in (case.path_parameters or {}):
            case.path_parameters["pk"] = record.pk
        with transaction.atomic():
            try:
                case.call_and_validate(headers=headers, checks=CHECKS)
            except (Exception, BaseExceptionGroup) as fault:
                faults.setdefault(title_of(fault), f"{operation.label} as {user}: {fault}")
            transaction.set_rollback(True)

    send()
    return list(faults.values())


def title_of(fault: BaseException) -> str:
    """Name the kind of a fault, so that it is told once for each operation."""
    inner = getattr(fault, "exceptions", None)
    return ", ".join(sorted({type(cause).__name__ for cause in inner})) if inner else type(fault).__name__
