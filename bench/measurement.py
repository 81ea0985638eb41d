"""Measures all routes in rounds, so that whatever else the machine does hits all of them alike."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from dev.settings import DevError

from .contents import Contents
from .processor_time import processor_seconds
from .routes import ROUTES, Route

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


QUICK = Plan(rounds=6, requests=100)
FULL = Plan(rounds=12, requests=400)


@dataclass(frozen=True)
class Cost:
    """What a number of requests took, in seconds: on the clock, and of processors."""

    requests: int
    clock: float
    odoo: float
    postgresql: float

    @property
    def processor(self) -> float:
        """Seconds of processor per request, Odoo and PostgreSQL together."""
        return (self.odoo + self.postgresql) / self.requests


@dataclass
class Measurement:
    """The rounds of one route."""

    route: Route
    rounds: list[Cost] = field(default_factory=list)

    @property
    def total(self) -> Cost:
        """All rounds together."""
        return Cost(
            sum(cost.requests for cost in self.rounds),
            sum(cost.clock for cost in self.rounds),
            sum(cost.odoo for cost in self.rounds),
            sum(cost.postgresql for cost in self.rounds),
        )


@dataclass(frozen=True)
class Measured:
    """The server under test: address and processes."""

    host: str
    port: int
    odoo_pid: int
    postgresql_pid: int


def measure(server: Measured, contents: Contents, plan: Plan) -> list[Measurement]:
    """Send every route its requests, round by round; the first round is not counted."""
    measurements = [Measurement(route) for route in ROUTES]
    with subprocess.Popen(
        [sys.executable, str(GENERATOR)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as generator:
        used = 0
        for round_number in range(plan.rounds + 1):
            count = plan.requests if round_number else plan.warm_up
            numbers = range(used + 1, used + count + 1)
            used += count
            for measurement in measurements:
                requests = [measurement.route.request(contents, number) for number in numbers]
                cost = _cost(server, generator, requests, plan.threads)
                if round_number:
                    measurement.rounds.append(cost)
    return measurements


def _cost(server: Measured, generator: subprocess.Popen, requests: list, threads: int) -> Cost:
    job = {"host": server.host, "port": server.port, "threads": threads, "requests": requests}
    before = processor_seconds(server.odoo_pid), processor_seconds(server.postgresql_pid)
    generator.stdin.write(json.dumps(job) + "\n")
    generator.stdin.flush()
    result = json.loads(generator.stdout.readline())
    after = processor_seconds(server.odoo_pid), processor_seconds(server.postgresql_pid)
    if result["failures"]:
        raise DevError(f"not all requests were answered: {result['failures']}")
    return Cost(len(requests), result["seconds"], after[0] - before[0], after[1] - before[1])
