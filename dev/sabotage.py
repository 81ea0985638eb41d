"""`make sabotage`: takes each step and each check of the core out, one at a time; some test must notice.

What nobody notices has to be explained in docs/sabotage.md. Attack cases that are shown by tests of the core are held
against the same runs: their tests must be among those that have failed.
"""

import re

from . import cases, pytest_run
from .console import say
from .measured_page import write_result
from .python_environment import for_core_tests
from .results import Results
from .settings import ROOT, Settings

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
    text = f"{len(attempts)} attempts, {len(attempts) - len(unnoticed)} noticed."
    say(f"  {text}")
    if not only:
        _say_cases(attempts)
        say(f"  in {write_result(DOCUMENT, 'attempts', text)}")
    failed = len(unnoticed ^ explained)
    return Results(passed=len(attempts) - len(unnoticed - explained), failed=failed)


def _say_cases(attempts: dict[str, list[str]]) -> None:
    failing = {case for tests in attempts.values() for test in tests for case in cases.ids_of(test)}
    in_core = {case.id for case in cases.cases() if any("tests/protocol" in f for f in case.files)}
    say(f"  cases that the core shows, seen to fail: {len(in_core & failing)} of {len(in_core)}")
    say(f"  the others: {' '.join(sorted(in_core - failing)) or 'none'}")


def _attempts(chosen: Settings, only: str) -> dict[str, list[str]]:
    """Each attempt, and the tests that have failed by it."""
    lines = pytest_run.lines_of_plugin(
        for_core_tests(chosen).python,
        ROOT / "tests",
        "dev.sabotage_plugin",
        "--sabotage-report",
        "--quiet",
        "--sabotage-only",
        only,
    )
    return {line["name"]: line["failed"] for line in lines}
