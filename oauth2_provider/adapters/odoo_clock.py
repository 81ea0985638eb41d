"""The clock and the randomness of the machine."""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass

# A larger step back corrects a mistake: whoever made it wants the new time.
LARGEST_STEP = 3600
# Expiry counts whole seconds. Less may only seem so, where two clocks are read one after the other.
SMALLEST_STEP = 1.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """Where the machine's clock was put back: to ``wall``, when ours said ``reading``. Seconds since 1970."""

    reading: float
    wall: float

    def leads(self, wall: float) -> bool:
        """Whether ours is still ahead when the machine's says ``wall``."""
        return self.wall <= wall < self.at(wall) <= wall + LARGEST_STEP

    def at(self, wall: float) -> float:
        return self.reading + (wall - self.wall) / 2


@dataclass(frozen=True)
class _Look:
    """What a process saw when it last looked at the time of a database: two clocks, and the step that counted."""

    wall: float
    tick: float
    step: Step | None


_looks: dict[str, _Look] = {}


class SystemClock:
    """The machine's clock, except that it does not go back: else codes and tokens that had expired would live again.

    When the machine's is put back, this one goes at half its pace until both agree. The first process that finds it
    put back writes that down, and all workers reckon from there, however long one of them has been idle. A process
    finds out by the clock that only measures; one that is new, or that finds the clock set forward, by the audit trail
    that knows of a later time.
    """

    def __init__(self, env):
        self._env = env
        self._steps = env["oauth2.provider.clock.step"]

    def now(self) -> int:
        return int(self.moment())

    def moment(self) -> float:
        tick, wall = time.monotonic(), time.time()
        database = self._env.cr.dbname
        look = _looks.get(database)
        step = self._step_at(wall, look)
        reading = _reading(wall, step)
        expected = self._expected(look, step, tick, wall)
        if reading + SMALLEST_STEP < expected <= wall + LARGEST_STEP:
            _logger.info("The clock of this machine was put back by %d s.", expected - reading)
            reading, step = expected, Step(expected, wall)
            self._steps._share(step.reading, step.wall)
        _looks[database] = _Look(wall, tick, step)
        return reading

    def _step_at(self, wall, look):
        """The step that counts: of those that still lead, the one that leads most."""
        known = [Step(*shared) for shared in self._steps._newest()]
        if look and look.step:
            known.append(look.step)
        leading = [step for step in known if step.leads(wall)]
        return max(leading, key=lambda step: step.at(wall), default=None)

    def _expected(self, look, step, tick, wall):
        """What this clock would say, had nobody touched the machine's since this process looked."""
        if look and step and step != look.step:
            # Another process has written down what happened meanwhile.
            return _reading(wall, step)
        unmoved = look.wall + tick - look.tick if look else 0.0
        if wall > unmoved + SMALLEST_STEP:
            # Set forward, and perhaps back again before this process looked.
            return self._after_last_event()
        return _reading(unmoved, look.step)

    def _after_last_event(self):
        """The end of the second in which somebody last did something."""
        self._env.cr.execute(
            "SELECT extract(epoch FROM max(occurred_at))::float8 FROM oauth2_provider_event"
        )
        return (self._env.cr.fetchone()[0] or 0.0) + 1


def _reading(wall, step):
    return max(wall, step.at(wall)) if step else wall


class SystemRandomness:
    def token(self) -> str:
        return secrets.token_urlsafe(32)
