"""A clock that stands still until a test moves it."""

from __future__ import annotations

START = 1_700_000_000


class FixedClock:
    def __init__(self, now: float = START) -> None:
        self._now = now

    def now(self) -> int:
        return int(self._now)

    def moment(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds
