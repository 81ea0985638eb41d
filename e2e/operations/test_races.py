"""A short form of `make races`: many uses of one secret at the same time, on two workers, with real commits."""

from collections.abc import Iterator

import pytest

from e2e.harness.systems import Systems
from e2e.races.race import Plan, Race, play
from e2e.races.races import RACES
from e2e.races.stage import Stage, opened_stage

SHORT = Plan(secrets=10, uses=10)


@pytest.fixture(scope="module")
def stage(systems: Systems) -> Iterator[Stage]:
    with opened_stage(systems) as made:
        yield made
        systems.stop(made.system)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_one_of_ten_uses_wins(stage: Stage, race: type[Race]) -> None:
    outcome = play(race(stage), SHORT)
    assert outcome.winners == SHORT.secrets
