"""A short form of `make races`: many uses of one secret at the same time, on two workers, with real commits."""

import pytest

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import System
from e2e.races.race import Plan, Race, play
from e2e.races.races import RACES

SHORT = Plan(secrets=10, uses=10)


@pytest.fixture(scope="module")
def browser(two_workers: System) -> HttpBrowser:
    made = HttpBrowser(two_workers)
    made.log_in(create_person(two_workers))
    return made


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_one_of_ten_uses_wins(two_workers: System, browser: HttpBrowser, race: type[Race]) -> None:
    outcome = play(race(two_workers, browser), SHORT)
    assert outcome.winners == SHORT.secrets
