"""`make cases`: plays the attack cases of docs/threats.md and lists each with its result, or why it has none.

A case has passed if each test that names it has been played and has passed. What came of it is kept in that page.
"""

import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import core_tests, end_to_end_tests, odoo_tests
from .cases import DOCUMENT, Case, cases, ids_of, named_tests
from .console import say
from .measured_page import write_result
from .results import Results
from .settings import ROOT, Settings, our_modules
from .workbench import opened


@dataclass(frozen=True)
class Played:
    """A test that was played; `file` is relative to the repository."""

    file: str
    name: str
    passed: bool

    @property
    def function(self) -> str:
        """Its name in the source: without class and parameter."""
        return self.name.partition("[")[0].rpartition(".")[2]


@dataclass(frozen=True)
class Verdict:
    """What came of a case: its tests that passed, that did not, and that were not played at all."""

    case: Case
    passed: int
    failed: int
    missing: tuple[str, ...]

    @property
    def good(self) -> bool:
        return self.passed > 0 and not self.failed and not self.missing

    def __str__(self) -> str:
        if self.good:
            return f"passed  {self.passed} tests"
        missing = "".join(f"\n       not played: {test}" for test in self.missing)
        return f"FAILED  {self.failed} of {self.passed + self.failed} tests{missing}"


def run(chosen: Settings) -> Results:
    """Run every test that carries an id, and say what came of each case; a run that is not clean is a failure, too."""
    played: list[Played] = []
    unclean = []
    for part, found, results in _parts(chosen):
        played += found
        if not results.good:
            unclean.append(f"{part}: {results}")
    found = verdicts(played)
    by_case = {verdict.case.id: verdict for verdict in found}
    for case in cases():
        say(f"{case.id:4} {case.rule}\n       {by_case.get(case.id, case.shown_by)}")
    tests = sum(test.passed for test in played if ids_of(test.name))
    summary = _summary(found, tests, unclean)
    say(f"  in {write_result(DOCUMENT, 'last result', summary)}: {summary}")
    good = sum(verdict.good for verdict in found)
    return Results(good, len(found) - good + len(unclean))


def verdicts(played: Iterable[Played]) -> list[Verdict]:
    """One for each case that has tests."""
    played = list(played)
    by_case = {
        case.id: [test for test in played if case.id in ids_of(test.name)] for case in cases()
    }
    named = named_tests()
    return [_verdict(case, by_case[case.id], named[case.id]) for case in cases() if case.files]


def _verdict(case: Case, played: list[Played], named: set[tuple[str, str]]) -> Verdict:
    functions = {(test.file, test.function) for test in played}
    missing = [f"{file}: {function}" for file, function in sorted(named - functions)]
    # Where ids are those of parameters, the source does not tell all names.
    missing += sorted(set(case.files) - {test.file for test in played} - {f for f, _ in named})
    passed = sum(test.passed for test in played)
    return Verdict(case, passed, len(played) - passed, tuple(missing))


def _summary(found: list[Verdict], tests: int, unclean: list[str]) -> str:
    good = sum(verdict.good for verdict in found)
    bad = " ".join(verdict.case.id for verdict in found if not verdict.good)
    return (
        f"{good} of the {len(found)} cases that have tests passed, by {tests:,} tests. "
        f"Without a pass: {bad or 'none'}. "
        f"Runs that were not clean: {'; '.join(unclean) or 'none'}. "
        f"{len(cases()) - len(found)} further cases have no test, for the reason that their row gives."
    )


def _parts(chosen: Settings) -> Iterator[tuple[str, list[Played], Results]]:
    expression = " or ".join(f"{case.id.lower()}_" for case in cases() if case.files)
    with tempfile.TemporaryDirectory() as scratch:
        for folder, part in {"tests": core_tests, "e2e": end_to_end_tests}.items():
            report = Path(scratch) / f"{folder}.xml"
            results = part.run(chosen, expression, report=report)
            yield folder, list(of_junit(report)), results
    for what in (*map(odoo_tests.OdooTests, our_modules()), *odoo_tests.beside_others()):
        with opened(chosen) as workbench:
            tally = odoo_tests.run_and_tally(workbench, what)
        yield what.module, list(_of_odoo(tally)), tally.results()


def of_junit(report: Path) -> Iterator[Played]:
    """The tests of pytest's report; whatever is said of one, but for its properties and output, is no pass."""
    if not report.exists():
        return
    for test in ET.parse(report).iter("testcase"):
        passed = all(test.find(what) is None for what in ("failure", "error", "skipped"))
        yield Played(_file_of(str(test.get("classname"))), str(test.get("name")), passed)


def _of_odoo(tally: odoo_tests.Tally) -> Iterator[Played]:
    for module, name in tally.started:
        file = module.removeprefix("odoo.addons.").replace(".", "/") + ".py"
        yield Played(file, name, name not in tally.broken | tally.unplayed)


def _file_of(classname: str) -> str:
    """The file that a test's class, or the test itself, stands in."""
    parts = classname.split(".")
    paths = ("/".join(parts[:length]) + ".py" for length in range(len(parts), 0, -1))
    return next((path for path in paths if (ROOT / path).exists()), "")
