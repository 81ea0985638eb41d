"""Measures all routes in rounds, so that whatever else the machine does hits all of them alike."""

import contextlib
import itertools
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dev.settings import DevError

from .processor_time import processor_seconds
from .routes import Route

GENERATOR = Path(__file__).with_name("load_generator.py")


@dataclass(frozen=True)
class Plan:
    """How much to measure: per round, `requests` of each route, `threads` at a time. The first round warms up."""

    rounds: int
    requests: int
    warm_up: int = 100
    threads: int = 4

    @property
    def total(self) -> int:
        """Requests that each route gets in the whole run."""
        return self.warm_up + self.rounds * self.requests

    def numbers(self) -> list[range]:
        """The numbers of the requests of each round, the warm-up first."""
        sizes = [self.warm_up, *[self.requests] * self.rounds]
        ends = list(itertools.accumulate(sizes))
        return [range(end - size + 1, end + 1) for end, size in zip(ends, sizes, strict=True)]


QUICK = Plan(rounds=6, requests=60)
# Many short rounds: within one of them the speed of a machine with other guests has hardly changed.
FULL = Plan(rounds=60, requests=100)


@dataclass(frozen=True)
class Cost:
    """What a number of requests took, in seconds: on the clock, the slowest alone, and of processors."""

    requests: int
    clock: float
    slowest: float
    server: float
    postgresql: float

    @property
    def processor(self) -> float:
        """Seconds of processor per request, the server and PostgreSQL together."""
        return (self.server + self.postgresql) / self.requests


@dataclass
class Measurement:
    """The rounds of one route. Medians, since this machine may have other work in some of them."""

    route: Route
    rounds: list[Cost] = field(default_factory=list)

    @property
    def processor(self) -> float:
        return statistics.median(cost.processor for cost in self.rounds)

    @property
    def server(self) -> float:
        return statistics.median(cost.server / cost.requests for cost in self.rounds)

    @property
    def postgresql(self) -> float:
        return statistics.median(cost.postgresql / cost.requests for cost in self.rounds)

    @property
    def per_second(self) -> float:
        return statistics.median(cost.requests / cost.clock for cost in self.rounds)

    def ratios(self, base: "Measurement") -> list[float]:
        """How often more each round took than that of another, the smallest first."""
        return sorted(
            cost.processor / other.processor
            for cost, other in zip(self.rounds, base.rounds, strict=True)
        )

    def ratio(self, base: "Measurement") -> float:
        return statistics.median(self.ratios(base))

    def clock_ratio(self, base: "Measurement") -> float:
        """Likewise on the clock, with whatever it waited for."""
        return statistics.median(
            cost.clock / other.clock for cost, other in zip(self.rounds, base.rounds, strict=True)
        )


@dataclass
class Measured:
    """A server under test: address, processes, and what is in its database, as its routes know it."""

    host: str
    port: int
    pid: int
    postgresql_pid: int
    contents: Any


class Generator:
    """The process that sends the requests."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def cost(
        self,
        server: Measured,
        requests: Sequence[Any],
        threads: int,
        expected: Sequence[int] = (200,),
    ) -> Cost:
        """Send them; every answer has to have an expected status."""
        job = {
            "host": server.host,
            "port": server.port,
            "threads": threads,
            "expected": expected,
            "requests": requests,
        }
        pids = server.pid, server.postgresql_pid
        before = [processor_seconds(pid) for pid in pids]
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        result = json.loads(self._process.stdout.readline())
        used = [processor_seconds(pid) - earlier for pid, earlier in zip(pids, before, strict=True)]
        if result["failures"]:
            raise DevError(f"not all requests were answered: {result['failures']}")
        return Cost(len(requests), result["seconds"], result["slowest"], *used)


@contextlib.contextmanager
def generator() -> Iterator[Generator]:
    with subprocess.Popen(
        [sys.executable, str(GENERATOR)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Generator(process)


def measure(
    servers: Sequence[Measured], routes: Sequence[Route], plan: Plan
) -> list[list[Measurement]]:
    """Send every route of each server its requests, round by round; the first round is not counted.

    Returns the measurements of each server.
    """
    results = [[Measurement(route) for route in routes] for _server in servers]
    with generator() as process:
        for round_number, numbers in enumerate(plan.numbers()):
            for index, route in enumerate(routes):
                for server, measurements in zip(servers, results, strict=True):
                    requests = [route.request(server.contents, number) for number in numbers]
                    cost = process.cost(server, requests, plan.threads)
                    if round_number:
                        measurements[index].rounds.append(cost)
    return results
