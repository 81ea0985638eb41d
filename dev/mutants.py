"""`make mutants`: mutmut changes the core in small ways; a change that no test notices is a gap, or explained.

The words of docs/mutants.md decide: each change that nobody notices must stand in its table, and no other.
"""

import re
from collections import Counter

from . import pytest_run
from .console import say
from .measured_page import write_result
from .python_environment import for_mutants
from .results import Results
from .settings import ROOT, Settings

DOCUMENT = ROOT / "docs/mutants.md"
# Below the core.
TARGETS = (
    "pkce.py",
    "authorization_request/code_challenge.py",
    "redirect_uri_matching.py",
    "authorization_request/redirect_uri.py",
    "client_authentication/*.py",
    "grants/*.py",
)
# As dev/mutants_plugin.py says it.
NOBODY, WORDS = "", "words"
HEADER = "| part | changes | of words | noticed | explained |\n|---|---:|---:|---:|---:|"
_EXPLAINED = re.compile(r"^\| `(protocol\.[\w.ǁ]+)` \| .+ \|", re.M)
# Cheap failures: nobody reads what they say, and each process ends with the first.
_PYTEST = ("-qq", "--tb=no", "--assert=plain", "--capture=no", "-p", "no:logging")


def run(chosen: Settings, only: str = "") -> Results:
    """Each change counts as a test, passed if it was noticed or is explained.

    :param only: an expression that its name must match
    """
    played = _played(chosen, only)
    names = {change["name"] for change in played}
    unnoticed = {change["name"] for change in played if change["noticed_by"] == NOBODY}
    explained = names & set(_EXPLAINED.findall(DOCUMENT.read_text()))
    for change in played:
        if change["name"] in unnoticed - explained:
            say(f"  nobody notices: {change['name']}")
            say("\n".join(f"    {line}" for line in change["change"]))
    for name in sorted(explained - unnoticed):
        say(f"  explained in {DOCUMENT.name}, but noticed: {name}")
    text = _numbers(played)
    say(text)
    if not only:
        say(f"  in {write_result(DOCUMENT, 'numbers', text)}")
    return Results(passed=len(names - (unnoticed ^ explained)), failed=len(unnoticed ^ explained))


def _numbers(played: list[dict[str, str]]) -> str:
    """A table of the files."""
    of_files: dict[str, Counter[str]] = {}
    for change in played:
        file = change["name"].rpartition(".")[0].removeprefix("protocol.")
        of_files.setdefault(file, Counter())[change["noticed_by"]] += 1
    rows = [_row(f"`{file}`", counts) for file, counts in of_files.items()]
    every = _row("all", sum(of_files.values(), Counter()))
    return "\n".join((HEADER, *rows, every))


def _row(title: str, counts: Counter[str]) -> str:
    words, nobody, total = counts[WORDS], counts[NOBODY], counts.total()
    return f"| {title} | {total:,} | {words} | {total - words - nobody:,} | {nobody} |"


def _played(chosen: Settings, only: str) -> list[dict[str, str]]:
    return pytest_run.lines_of_plugin(
        for_mutants(chosen).python,
        ROOT / "tests/protocol",
        "dev.mutants_plugin",
        "--mutants-report",
        *_PYTEST,
        *(f"--mutants-of={target}" for target in TARGETS),
        f"--mutants-only={only}",
    )
