"""A plugin of pytest: wakes the changes of mutmut up, one at a time, and sees whether a test notices.

A change is played in a fork of the process that has collected the tests, by those that go through the changed function,
first by those that have noticed another change of it; the first failure is enough.
"""

import functools
import gc
import json
import re
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dev import forked_tests, mutated_core
from dev.mutant_words import is_wording
from dev.mutated_core import Mutant
from dev.settings import ADDON, ROOT

WORKERS = 2
# Of the processor's time: a change that runs for ever is noticed by this.
SECONDS = 60
# Instead of the test that has noticed a change; changes of words are not played.
NOBODY = ""
WORDS = "words"
NO_END = "it does not end"


class Mutants:
    """Loops over the changes where pytest would loop over the tests."""

    def __init__(self, report: Path, only: str, mutants: list[Mutant]) -> None:
        self.report = report
        self.only = re.compile(only)
        self.mutants = mutants
        self.failed: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = filter(forked_tests.is_of_core, items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.collect()
        gc.freeze()
        wanted = [mutant for mutant in self.mutants if self.only.search(mutant.name)]
        users = forked_tests.in_fork(lambda: self._users(session.items))
        shares: list[Callable[[], Iterator[Any]]] = [
            functools.partial(self._share, session.items, wanted[first::WORKERS], users)
            for first in range(WORKERS)
        ]
        with self.report.open("w") as report:
            changes = {mutant.name: mutant.change for mutant in wanted}
            for name, by in forked_tests.at_once(shares):
                played = {"name": name, "noticed_by": by, "change": changes[name]}
                report.write(json.dumps(played) + "\n")
                report.flush()
        return True

    def _users(self, items: list[pytest.Item]) -> dict[str, list[int]]:
        """Which tests go through which function.

        First those of files that are called like its module, then the cheap ones.
        """
        uses: dict[str, list[int]] = defaultdict(list)
        cost = {}
        mutated_core.entered()
        for number, item in enumerate(items):
            start = time.process_time()
            forked_tests.play(item)
            cost[number] = time.process_time() - start
            for name in mutated_core.entered():
                uses[name].append(number)
        if self.failed:
            raise AssertionError(f"They fail without any change: {self.failed}")
        for name, numbers in uses.items():
            likely = name.split(".")[-2]
            numbers.sort(key=lambda number: (likely not in items[number].path.name, cost[number]))
        return uses

    def _share(
        self, items: list[pytest.Item], mutants: list[Mutant], users: dict[str, list[int]]
    ) -> Iterator[tuple[str, str]]:
        noticing: dict[str, list[int]] = defaultdict(list)
        for mutant in mutants:
            if is_wording(mutant.change):
                yield mutant.name, WORDS
                continue
            known = noticing[mutant.function]
            order = known + [
                number for number in users.get(mutant.function, ()) if number not in known
            ]
            by = forked_tests.in_fork(functools.partial(self._noticed_by, mutant, items, order))
            if isinstance(by, int) and by >= 0:
                if by in known:
                    known.remove(by)
                known.insert(0, by)
            yield mutant.name, NO_END if by is None else items[by].nodeid if by >= 0 else NOBODY

    def _noticed_by(self, mutant: Mutant, items: list[pytest.Item], order: list[int]) -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        mutated_core.wake(mutant)
        for number in order:
            forked_tests.play(items[number])
            if self.failed:
                return number
        return -1


def pytest_addoption(parser: pytest.Parser) -> None:
    """The report is one line of JSON for each change."""
    parser.addoption("--mutants-report", type=Path, required=True)
    parser.addoption("--mutants-of", action="append", required=True)
    parser.addoption("--mutants-only", default="")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before the first conftest.py imports the core."""
    chosen = early_config.known_args_namespace
    finder = mutated_core.install(ROOT / ADDON / "protocol", chosen.mutants_of)
    loop = Mutants(chosen.mutants_report, chosen.mutants_only, finder.mutants)
    early_config.pluginmanager.register(loop, "mutants-loop")
