"""`make sabotage`: takes each step and each check of the core out, one at a time; some test must notice.

What nobody notices has to be explained in docs/sabotage.md. Attack cases that are shown by tests of the core are held
against the same runs: their tests must be among those that have failed.
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from . import cases
from .console import say
from .python_environment import for_core_tests
from .results import Results
from .settings import ADDON, ROOT, Settings

DOCUMENT = ROOT / "docs/sabotage.md"
_EXPLAINED = re.compile(r"\| `([^`]+)` \| .+ \|")


def run(chosen: Settings, only: str = "") -> Results:
    """Each attempt counts as a test: passed if it was noticed. `only`: an expression that its name must match."""
    attempts = _attempts(chosen, only)
    explained = {name for name in _EXPLAINED.findall(DOCUMENT.read_text()) if re.search(only, name)}
    unnoticed = {name for name, tests in attempts.items() if not tests}
    for name in sorted(unnoticed - explained):
        say(f"  nobody notices: {name}")
    for name in sorted(explained - unnoticed):
        say(f"  explained in {DOCUMENT.name}, but noticed or gone: {name}")
    say(f"  {len(attempts)} attempts, {len(attempts) - len(unnoticed)} noticed")
    if not only:
        _say_cases(attempts)
    failed = len(unnoticed ^ explained)
    return Results(passed=len(attempts) - len(unnoticed - explained), failed=failed)


def _say_cases(attempts: dict[str, list[str]]) -> None:
    failing = {case for tests in attempts.values() for test in tests for case in cases.ids_of(test)}
    in_core = {case.id for case in cases.cases() if any("tests/protocol" in f for f in case.files)}
    say(f"  cases that the core shows, seen to fail: {len(in_core & failing)} of {len(in_core)}")
    say(f"  the others: {' '.join(sorted(in_core - failing)) or 'none'}")


def _attempts(chosen: Settings, only: str) -> dict[str, list[str]]:
    """Each attempt, and the tests that have failed by it."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.jsonl"
        command = [
            *(str(for_core_tests(chosen).python), "-m", "pytest", str(ROOT / "tests"), "--quiet"),
            *("-p", "dev.sabotage_plugin", "--sabotage-report", str(report)),
            *("--sabotage-only", only),
        ]
        # The plugin reads the core before pytest has read where it is.
        paths = os.pathsep.join(map(str, (ROOT, ROOT / ADDON)))
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            check=False,  # no test runs in that process itself
        )
        lines = [json.loads(line) for line in report.read_text().splitlines()]
    return {line["name"]: line["failed"] for line in lines}
