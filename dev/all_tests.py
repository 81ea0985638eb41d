"""`make test`: every check and every test there is, each part with its own result.

A part is a command of ours. Two run at a time, longest first, and each shows what it said when it has ended; the
end-to-end tests, which keep two processes busy themselves, come last and alone.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from . import end_to_end_tests, odoo_tests
from .console import say
from .results import Results
from .settings import ADDON, Settings, our_modules

_AT_ONCE = 2
_SECONDS_BETWEEN_LOOKS = 0.2


class _Part:
    """One command while it runs, its output kept."""

    def __init__(self, *arguments: str) -> None:
        self.name = " ".join(arguments)
        self._output = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 closed by results()
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        say(f"== {self.name}: started")

    def results(self) -> Results:
        """Of a part that has ended; shows what it said."""
        with self._output as output:
            output.seek(0)
            lines = output.read().splitlines()
        results = Results.read(lines[-1] if lines else "") or Results(failed=1)
        said = "\n".join(lines)
        say(f"{said}\n== {self.name}: {results} ({time.monotonic() - self._started:.0f} s)\n")
        return results


def run(chosen: Settings) -> Results:
    """Run all parts, also after one has failed; returns the sum."""
    end_to_end_tests.prepare(chosen)
    results = _run_side_by_side(
        [
            ("test-odoo", ADDON),
            ("test-core",),
            *(("test-odoo", module) for module in our_modules() if module != ADDON),
            *_beside_others(),
            ("fuzz", "--short"),
            ("test-dist",),
            ("lint",),
        ]
    )
    say("== test-e2e")
    started = time.monotonic()
    end_to_end = end_to_end_tests.run(chosen)
    say(f"== test-e2e: {end_to_end} ({time.monotonic() - started:.0f} s)\n")
    return results + end_to_end


def _beside_others() -> Iterator[tuple[str, ...]]:
    for what in odoo_tests.beside_others():
        beside = ",".join(sorted(what.beside))
        yield ("test-odoo", what.module, "--with", beside, "--tags", what.tags)


def _run_side_by_side(commands: list[tuple[str, ...]]) -> Results:
    waiting = list(reversed(commands))
    running: list[_Part] = []
    total = Results()
    try:
        while waiting or running:
            while waiting and len(running) < _AT_ONCE:
                running.append(_Part(*waiting.pop()))
            for ended in [part for part in running if part.process.poll() is not None]:
                running.remove(ended)
                total += ended.results()
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    finally:
        for part in running:
            part.process.terminate()
            part.process.wait()
    return total
