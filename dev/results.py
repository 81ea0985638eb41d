"""Counts of tests, and the line that every run ends with."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped")


@dataclass(frozen=True)
class Results:
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Results") -> "Results":
        return Results(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    @classmethod
    def read(cls, line: str) -> "Results | None":
        """What a closing line says; None if it is none."""
        found = _LINE.fullmatch(line)
        return cls(*map(int, found.groups())) if found else None

    @property
    def good(self) -> bool:
        """A skipped test proves nothing, and neither do no tests at all."""
        return self.passed > 0 and not self.failed and not self.skipped
