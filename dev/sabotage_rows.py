"""`make sabotage ARGS=--cases`: what each row of docs/sabotage.md names is taken out; its tests must notice.

Where a test has a server, it is taken out of that server while it runs, and put back; nothing starts again. In the end
the tests that have failed are played once more with nothing missing: one that fails then, too, has shown nothing.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import cases, odoo_tests, pytest_run
from .console import say
from .http_tests import is_over_http
from .measured_page import write_result
from .python_environment import PythonEnvironment, for_core_tests, for_tools
from .results import Results
from .sabotage_acts import Act, acts
from .settings import ADDON, ROOT, Settings, our_modules
from .workbench import opened

DOCUMENT = ROOT / "docs/sabotage.md"
LAUNCHER = Path(__file__).with_name("sabotage_launcher.py")
# Of what is not in e2e/attacks, what does not take minutes.
MORE_TESTS = tuple(
    f"e2e/operations/test_{name}.py"
    for name in ("clock_put_back", "concurrency", "faults", "secrets_in_log", "two_databases")
)
Line = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Files for the process that plays the tests: what to take out, and what came of it."""

    file: Path
    report: Path

    def lines(self) -> list[Line]:
        """A line for each act: which tests were played, and which of them failed, by what."""
        return [json.loads(line) for line in self.report.read_text().splitlines()]


def run(chosen: Settings, only: str = "", parts: tuple[str, ...] = ()) -> Results:
    """Each case of each row counts as a test: passed if one of its tests has failed. `only`: what rows must match.

    Each case that has tests must also have one over HTTP that has failed by one of its rows.
    """
    rows = [act for act in acts(DOCUMENT) if re.search(only, act.name)]
    results = [PARTS[part](chosen, rows) for part in parts or PARTS]
    broken = {test: why for *_, healthy in results for test, why in healthy["failed"].items()}
    for test, why in sorted(broken.items()):
        say(f"  fails with nothing missing: {test}: {why}")
    seen: set[str] = set()
    over_http: set[str] = set()
    unnoticed = 0
    for number, row in enumerate(rows):
        lines = [lines[number] for lines in results]
        failing = {test for line in lines for test in line["failed"]} - broken.keys()
        seen |= failing
        for case in row.cases:
            noticing = [test for test in failing if case in cases.ids_of(test)]
            if any(map(is_over_http, noticing)):
                over_http.add(case)
            if not noticing:
                unnoticed += 1
                say(f"  nobody notices by {case}: {row.name}")
                for problem in filter(None, (line["problem"] for line in lines)):
                    say(f"    {problem[:300]}")
    played = {test for lines in results for line in lines for test in line["played"]}
    totals = _totals(rows, played, seen, over_http)
    say("\n".join(f"  {line}" for line in totals))
    failed = unnoticed + len(broken)
    if not only and not parts:
        # Only with all rows and all kinds of test has each case had its chance.
        failed += len({case.id for case in cases.cases() if case.files} - over_http)
        say(f"  in {write_result(DOCUMENT, 'rows', '; '.join(totals) + '.')}")
    total = sum(len(row.cases) for row in rows)
    return Results(total - unnoticed, failed)


def _totals(
    rows: list[Act], played: set[str], seen: set[str], over_http: set[str]
) -> tuple[str, ...]:
    named = {case for row in rows for case in row.cases}
    noticed = {case for test in seen for case in cases.ids_of(test)} & named
    without = [case.id for case in cases.cases() if case.files and case.id not in named]
    return (
        f"{len(rows)} rows for {len(named)} cases, seen to fail: {len(noticed)}",
        f"over HTTP and by a row of their own: {len(over_http)}, not: {' '.join(sorted(named - over_http)) or 'none'}",
        f"{len(seen)} of the {len(played)} tests of these cases have failed",
        f"cases without a row: {' '.join(without) or 'none'}",
    )


@contextmanager
def _plan(rows: list[Act]) -> Iterator[Plan]:
    with tempfile.TemporaryDirectory() as scratch:
        plan = Plan(Path(scratch) / "plan.json", Path(scratch) / "report.jsonl")
        content = [(act.cases, act.file, act.pieces) for act in rows]
        plan.file.write_text(json.dumps({"report": str(plan.report), "acts": content}))
        yield plan


def _core(chosen: Settings, rows: list[Act]) -> list[Line]:
    paths = os.pathsep.join(map(str, (ROOT, ROOT / ADDON)))
    return _pytest(for_core_tests(chosen), "tests/protocol", rows, paths)


def _servers(chosen: Settings, rows: list[Act]) -> list[Line]:
    return _pytest(for_tools(chosen), "e2e/attacks", rows, str(ROOT), *MORE_TESTS)


def _pytest(
    python: PythonEnvironment, folder: str, rows: list[Act], paths: str, *more: str
) -> list[Line]:
    with _plan(rows) as plan:
        options = (*more, "--quiet", "--tb=no", "-p", "dev.sabotage_rows_plugin")
        pytest_run.run(
            python.python,
            ROOT / folder,
            *(*options, f"--sabotage-plan={plan.file}"),
            environment={**os.environ, "PYTHONPATH": paths},
        )
        return plan.lines()


def _odoo(chosen: Settings, rows: list[Act]) -> list[Line]:
    """The tests that Odoo runs: one process plays them all."""
    modules = our_modules()
    with _plan(rows) as plan, opened(chosen) as workbench:
        odoo = replace(workbench.odoo, launcher=(str(LAUNCHER), str(plan.file)))
        what = odoo_tests.OdooTests("", tags=",".join(f"/{module}" for module in modules))
        database = workbench.create_database("sabotage", modules)
        odoo_tests.run_in(workbench, database, what, odoo)
        return plan.lines()


PARTS = {"core": _core, "odoo": _odoo, "servers": _servers}
