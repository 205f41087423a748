"""SEC-4: the API is fuzzed from its own document: no fault of ours, no answer that the document does not name.

Bounded here to one case of an operation; `KANAL_FUZZ_EXAMPLES=20` tries that many of every operation, each way.
"""

import pytest

from tests.api.fuzzing import EXAMPLES, faults_of, one_connection, operations
from tests.contract.conftest import make_lasting, world

__all__ = ["lasting_world", "world"]

lasting_world = pytest.fixture(scope="module", name="lasting_world")(make_lasting)

# Of how many operations one is tried; bodies that do not fit are slow to make.
SHARES = [
    ("fitting", "administrator", 1),
    ("fitting", "read-only", 5),
    ("unfitting", "administrator", 12),
    ("unfitting", "read-only", 25),
]


@pytest.mark.parametrize(("mode", "user", "share"), SHARES)
def test_the_api_answers_as_its_document_says(world, mode, user, share):
    """SEC-4: every operation, by a user with all rights and by one with few."""
    with one_connection():
        wanted = list(operations())[:: 1 if EXAMPLES > 1 else share]
        faults = [fault for operation in wanted for fault in faults_of(operation, world, user, mode)]
    assert wanted
    assert not faults, "\n\n".join(faults)
