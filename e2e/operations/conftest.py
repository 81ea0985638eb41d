"""Fixtures of the operations tests: a provider with two worker processes, behind a proxy that it trusts."""

from collections.abc import Iterator

import pytest

from e2e.harness.systems import System, Systems


@pytest.fixture(scope="package")
def two_workers(systems: Systems) -> Iterator[System]:
    """Every worker has memory of its own; what they must agree on lies in the database."""
    system = systems.start_provider("workers", workers=2, options=("--proxy-mode",))
    yield system
    systems.stop(system)
