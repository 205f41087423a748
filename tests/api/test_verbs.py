"""Bad input: verbs that read their body themselves answer to any shape of it with a refusal, never with a fault."""

import pytest
from django.db import transaction

from kanal.core import registry
from kanal.core.verbs import input_fields
from tests.contract.conftest import call, make_lasting, world

__all__ = ["call", "lasting_world", "world"]

lasting_world = pytest.fixture(scope="module", name="lasting_world")(make_lasting)

VALUES = [
    "x",
    {},
    [1],
    [{"id": "x"}],
    {"id": []},
    True,
    "1e999999",
    2**70,
    -1,
    1.5,
    ["x"],
    [2**70],
    [-1],
    [None],
    {"1": "x"},
    {"1": "1e999"},
    {"1": "NaN"},
    {"x": "1"},
    {"1": []},
    {str(2**70): "1"},
]
BESIDE = {"currency": {"currency": "USD"}}  # what a verb asks for before it reads the rest
ROWS = [
    {"product": []}, {"product": "x"}, {"product": 2**70}, {"bundle": {}}, {"name": []}, {"name": "A", "amount": []},
    {"name": "A", "amount": "1e999999"}, {"name": "A", "amount": True}, {"name": "A", "price": "x"}, {"kind": []},
    {"name": "A", "price": {"amount": [], "currency": 1}}, {"id": [], "amount": 1}, {"id": 2**70}, {"id": -1},
    {"kind": "rounding", "step": {}}, {"kind": "text", "name": 5}, {"name": "A", "discount": {}, "discount_kind": []},
    {"name": "A", "tax_percent": "NaN"}, {"name": "A", "unit": {}}, {"name": "A", "custom": []}, {"position": "x"},
]  # fmt: skip
NAMES = [
    "account", "contact", "opportunity", "quote", "project", "contract", "contracts", "name", "date", "sold_on",
    "pipeline", "create", "status", "values",
]  # fmt: skip


def reads_itself(entity, action):
    """Return whether a verb reads its body, or a part of it, by itself."""
    fields = input_fields(entity, action)
    return (action.button.page and not fields) or any(field.type.key == "json" for field in fields)


def raw_verbs():
    """List the verbs that read the body themselves."""
    return [
        (entity.key, action.verb)
        for entity in registry.all_entities()
        for action in registry.actions(entity)
        if action.run is not None and action.api and reads_itself(entity, action)
    ]


@pytest.mark.parametrize(("key", "verb"), raw_verbs())
def test_a_body_of_any_shape_is_refused(world, call, key, verb):
    """API-1: the answer is one of those that the document names."""
    url = f"/{key}/{world.records[key].pk}/{verb}"
    entity = registry.get(key)
    own = [field.key for field in input_fields(entity, registry.action(entity, verb)) if field.type.key == "json"]
    names = own or NAMES
    bodies = [{**BESIDE.get(verb, {}), name: value} for name in names for value in VALUES]
    bodies += [{"items": [row]} for row in ROWS] if "items" in own else []
    faults = []
    for body in bodies:
        with transaction.atomic():
            try:
                status, _data = call("POST", url, body)
            except Exception as fault:
                faults.append(f"{body}: {type(fault).__name__}: {fault} {where(fault)}")
            else:
                assert status < 500
            transaction.set_rollback(True)
    assert not faults, "\n".join(faults)


def where(fault):
    """Name the place of a fault."""
    trace = fault.__traceback__
    places = []
    while trace:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/main/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return next((place for place in reversed(places) if place.startswith("kanal/")), "")
