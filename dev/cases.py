"""`make cases`: plays the attack cases of docs/threats.md and lists each with its result, or why it has none.

Tests carry the ids of their cases at the beginning of their name (`test_r02_dots…`) or of a parameter's id.
"""

import re
import tempfile
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import core_tests, end_to_end_tests, odoo_tests
from .console import say
from .results import Results
from .settings import ROOT, Settings, our_modules
from .workbench import opened

DOCUMENT = ROOT / "docs/threats.md"
TEST_FOLDERS = ("tests", "e2e", *(f"{module}/tests" for module in our_modules()))
_ROW = re.compile(r"\| ([A-Z]\d{1,2}) \| (.+?) \| (.+?) \|")
_IDS = r"((?:[a-z]\d{1,2}_)+)"
_IN_SOURCE = re.compile(rf'def test_{_IDS}|f?"{_IDS}')
_IN_NAME = re.compile(rf"(?:\btest_|[\[-]){_IDS}")


@dataclass(frozen=True)
class Case:
    """A row of the document; `shown_by` names test files, or says why there are none."""

    id: str
    rule: str
    shown_by: str

    @property
    def files(self) -> list[str]:
        """The test files that the row names."""
        return re.findall(r"`([\w/]+\.py)`", self.shown_by)


def cases() -> list[Case]:
    """All rows, in the order of the document."""
    found = map(_ROW.fullmatch, DOCUMENT.read_text().splitlines())
    return [Case(*row.groups()) for row in found if row]


def tests_by_case() -> dict[str, set[str]]:
    """Where the tests of each id are, found by reading them."""
    found = defaultdict(set)
    for folder in TEST_FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for match in _IN_SOURCE.finditer(file.read_text()):
                for case in _split(match[1] or match[2]):
                    found[case].add(str(file.relative_to(ROOT)))
    return found


def ids_of(test: str) -> set[str]:
    """The ids that the name of a test carries, as pytest and Odoo report it."""
    return {case for match in _IN_NAME.finditer(test) for case in _split(match[1])}


def _split(joined: str) -> Iterator[str]:
    return (part.upper() for part in joined.split("_") if part)


def run(chosen: Settings) -> Results:
    """Run every test that carries an id, and say what came of each case."""
    outcomes = defaultdict(list)
    for test, passed in _played(chosen):
        for case in ids_of(test):
            outcomes[case].append(passed)
    passed = failed = 0
    for case in cases():
        results = outcomes[case.id]
        if case.files and not (results and all(results)):
            failed += 1
            state = f"FAILED  {results.count(False)} of {len(results)} tests"
        elif case.files:
            passed += 1
            state = f"passed  {len(results)} tests"
        else:
            state = case.shown_by
        say(f"{case.id:4} {case.rule}\n       {state}")
    return Results(passed, failed)


def _played(chosen: Settings) -> Iterator[tuple[str, bool]]:
    expression = " or ".join(f"{case.id.lower()}_" for case in cases() if case.files)
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        for part in (core_tests, end_to_end_tests):
            part.run(chosen, expression, report=report)
            yield from _of_junit(report)
    for module in our_modules():
        with opened(chosen) as workbench:
            tally = odoo_tests.run_and_tally(workbench, odoo_tests.OdooTests(module))
        yield from ((test, test not in tally.broken) for test in tally.started)


def _of_junit(report: Path) -> Iterable[tuple[str, bool]]:
    for test in ET.parse(report).iter("testcase"):
        yield str(test.get("name")), not any(test.iter("failure")) and not any(test.iter("error"))
