"""What a race is: secrets that may be used once, many uses of each at the same time, and what must come of it."""

import time
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import requests

from e2e.harness.together import in_parallel

from .stage import Stage

BATCH = 20


@dataclass(frozen=True)
class Plan:
    """So many secrets, so many uses of each, by so many clients at a time."""

    secrets: int
    uses: int
    clients: int = 16


@dataclass(frozen=True)
class Outcome:
    """What was played, in numbers."""

    title: str
    rule: str
    requests: int
    secrets: int
    winners: int
    seconds: float


class Race(ABC):
    """`title` and `rule` are for the report: what is used, and what holds."""

    title: str
    rule: str

    def __init__(self, stage: Stage) -> None:
        self.system = stage.system
        self.browser = stage.browser

    @abstractmethod
    def secret(self) -> Any:
        """Something new that may be used once."""

    @abstractmethod
    def use(self, secret: Any) -> requests.Response:
        """Use it; from any thread."""

    @abstractmethod
    def judge(self, secret: Any, answers: list[requests.Response]) -> int:
        """Check what all uses of a secret were answered, and what is left of it; returns how many won."""


def play(race: Race, plan: Plan) -> Outcome:
    """Make secrets, use all of them, judge each; some at a time, because a code lives for a minute only."""
    parts = [
        _play(race, min(BATCH, plan.secrets - begin), plan)
        for begin in range(0, plan.secrets, BATCH)
    ]
    winners, seconds = (sum(numbers) for numbers in zip(*parts, strict=True))
    uses = plan.secrets * plan.uses
    return Outcome(race.title, race.rule, uses, plan.secrets, int(winners), seconds)


def _play(race: Race, number_of_secrets: int, plan: Plan) -> tuple[int, float]:
    """One batch: how many won, and how long the uses took. The uses of one secret are sent next to each other."""
    numbers = range(number_of_secrets)
    secrets = in_parallel(lambda _number: race.secret(), numbers, threads=4)
    uses = [number for number in numbers for _time in range(plan.uses)]
    started = time.monotonic()
    answers = in_parallel(lambda number: race.use(secrets[number]), uses, threads=plan.clients)
    seconds = time.monotonic() - started
    by_secret = defaultdict(list)
    for number, answer in zip(uses, answers, strict=True):
        by_secret[number].append(answer)
    winners = in_parallel(lambda number: race.judge(secrets[number], by_secret[number]), numbers, 4)
    return sum(winners), seconds


def won(answers: list[requests.Response]) -> list[dict[str, Any]]:
    """The bodies of the answers that granted something."""
    return [answer.json() for answer in answers if answer.ok]


def expect_losers(answers: list[requests.Response], *errors: str) -> None:
    """Check that every other answer is one of these refusals."""
    refusals = [answer.json()["error"] for answer in answers if not answer.ok]
    assert set(refusals) <= set(errors), refusals
