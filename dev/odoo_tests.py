"""Runs the tests of an Odoo module in a fresh copy of a template database."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import browser
from .console import say
from .locks import open_lock, try_exclusive
from .log_check import AllowList, Record, records
from .odoo_process import Odoo
from .results import Results
from .settings import DevError
from .workbench import Workbench

SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
STARTING = re.compile(r"Starting (.*) \.\.\.")
SKIPPED = re.compile(r"skipped (\S+)")
BROKEN = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?([\w.]+)")

# What an add-on of ours must withstand of Odoo's own that it does not need: classes of tests that carry their names.
_BESIDE = {"oauth2_provider_api": ("hr", "portal", "website")}


@dataclass(frozen=True)
class OdooTests:
    """What to test: a module, which of its tests (Odoo's test tags), beside which other modules, where."""

    module: str
    tags: str = ""
    beside: frozenset[str] = frozenset()
    keep: str = ""  # name of a database that stays, for a fast loop
    update: bool = True  # with `keep`: False skips the module's update (enough for Python changes, post_install tests)
    options: tuple[str, ...] = ()  # further options of Odoo
    along: frozenset[str] = frozenset()  # further modules to install or update, for their tests

    @property
    def test_tags(self) -> str:
        """Odoo's expression; `:Class.test` alone means in this module."""
        if not self.tags or self.tags.startswith((":", ".")):
            return f"/{self.module}{self.tags}"
        return self.tags


def beside_others() -> Iterator[OdooTests]:
    """The tests of our add-ons that need others beside them; no other run plays these."""
    for module, others in _BESIDE.items():
        tags = ",".join(f"{other}/{module}" for other in others)
        yield OdooTests(module, tags, frozenset(others))


def run(workbench: Workbench, what: OdooTests) -> Results:
    """Run the tests, showing only failures and unexpected log entries."""
    return run_and_tally(workbench, what).results()


def run_and_tally(workbench: Workbench, what: OdooTests) -> "Tally":
    """The same, with the names of the tests."""
    browser.find_or_install(workbench.settings.cache)
    if not what.keep:
        return run_in(workbench, workbench.create_database(what.module, what.beside), what)
    database = f"kept_{what.keep}_{what.module}"
    lock = open_lock(workbench.settings.cache / "locks" / database)
    if not try_exclusive(lock):
        raise DevError(f"another run is using the database of KEEP={what.keep}")
    if not workbench.databases.exists(database):
        workbench.create_database(modules=what.beside, name=database)
    return run_in(workbench, database, what)


def _install_or_update(workbench: Workbench, database: str, what: OdooTests) -> list[str]:
    # Odoo only runs the tests of what it installs or updates, except post_install tests
    query = "SELECT name FROM ir_module_module WHERE name = ANY(%s) AND state IN ('installed', 'to upgrade')"
    wanted = {what.module, *what.along}
    rows = workbench.databases.query(query, sorted(wanted), database=database)
    there = {name for (name,) in rows}
    options = [f"--init={','.join(sorted(wanted - there))}"] if wanted - there else []
    if there and what.update:
        options.append(f"--update={','.join(sorted(there))}")
    return options


def run_in(
    workbench: Workbench, database: str, what: OdooTests, odoo: Odoo | None = None
) -> "Tally":
    """Run the tests in a database that is there; `odoo`: another than the workbench's."""
    odoo = odoo or workbench.odoo
    log = workbench.logs / f"test-{database}.log"
    command = odoo.command(
        *odoo.arguments(database),
        *what.options,
        *_install_or_update(workbench, database, what),
        "--http-port=0",
        "--http-interface=127.0.0.1",
        "--test-enable",
        f"--test-tags={what.test_tags}",
        "--stop-after-init",
    )
    log.parent.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with subprocess.Popen(
        command,
        env=odoo.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            for record in records(_kept(process.stdout, log)):
                tally.count(record)
        except KeyboardInterrupt:
            process.terminate()
            raise
    say(f"  log: {log}")
    tally.code = process.returncode
    return tally


def _kept(lines: Iterable[str], log: Path) -> Iterator[str]:
    with log.open("w") as file:
        for line in lines:
            file.write(line)
            yield line


@dataclass
class Tally:
    """Counts the results of a run while its log comes in."""

    allowed: AllowList = field(default_factory=AllowList)
    failed: int = 0
    total: int = 0
    skipped: int = 0
    problems: int = 0
    code: int = 0  # Odoo's exit code
    started: list[tuple[str, str]] = field(default_factory=list)  # with its module
    broken: set[str] = field(default_factory=set)
    unplayed: set[str] = field(default_factory=set)  # started, then skipped

    def count(self, record: Record) -> None:
        """Take in one entry of the log; shows it if somebody has to see it."""
        if found := STARTING.match(record.message):
            self.started.append((record.logger, found[1]))
        elif found := BROKEN.match(record.message):
            self.broken.add(found[1])
        if found := SUMMARY.match(record.message):
            failures, errors, total = map(int, found.groups())
            self.failed, self.total = failures + errors, total
        elif (found := SKIPPED.match(record.message)) and ".tests." in record.logger:
            self.skipped += 1
            self.unplayed.add(found[1])
            say(record.text)
        elif self.allowed.problem(record):
            self.problems += 1
            say(record.text)
        elif record.level == "ERROR":
            say(record.text)
        elif sys.stdout.isatty() and (found := STARTING.match(record.message)):
            print(f"\r\033[K  {found[1][:100]}", end="\r", flush=True)

    def results(self) -> Results:
        """What the run comes to."""
        if self.problems:
            say(f"  {self.problems} unexpected entries in Odoo's log fail the run")
        if self.code and not self.failed and not self.problems:
            say(f"  Odoo ended with code {self.code}")
        passed = max(0, self.total - self.failed - self.skipped)
        # a test that passed while the log complains has not failed by itself; the run has
        broken = self.failed or (1 if self.problems or self.code else 0)
        return Results(passed, broken, self.skipped)
