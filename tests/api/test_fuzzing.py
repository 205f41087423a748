"""SEC-4: the API is fuzzed from its own document: no fault of ours, no answer that the document does not name."""

import pytest

from tests.api.fuzzing import MODES, faults_of, one_connection, operations
from tests.contract.conftest import lasting_world, world

__all__ = ["lasting_world", "world"]


@pytest.mark.parametrize("user", ["administrator", "read-only"])
@pytest.mark.parametrize("mode", MODES)
def test_the_api_answers_as_its_document_says(world, mode, user):
    """SEC-4: every operation, by a user with all rights and by one with few."""
    with one_connection():
        faults = [fault for operation in operations() for fault in faults_of(operation, world, user, mode)]
    assert not faults, "\n\n".join(faults)
