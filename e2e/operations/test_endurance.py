"""A short form of `make endurance`: people at work, every answer checked, and what the server holds."""

from collections.abc import Iterator

import pytest

from e2e.endurance.measurement import Plan, measure
from e2e.endurance.scene import people_at_work, start
from e2e.harness.systems import System, Systems

# In so short a time the workers still warm up; a leak of a kilobyte per request would be twice as much.
MOST_GROWTH = 40.0


@pytest.fixture(scope="module")
def busy(systems: Systems) -> Iterator[System]:
    system = start(systems)
    yield system
    systems.stop(system)


def test_people_at_work_meet_no_failure(busy: System) -> None:
    people = people_at_work(busy, people=6, applications=4)
    record = measure(busy, people, Plan(seconds=20, pause=0))
    assert not record.failures, "\n".join(record.failures)
    assert record.counts.keys() >= {"connect", "refresh", "userinfo", "introspect"}
    assert record.growth < MOST_GROWTH
    for worker in people:
        while not worker.connections:
            worker.do(worker.choose())
        worker.do("logout")
