"""A plugin of pytest: plays the tests of each row's cases while what the row takes out is missing.

Out of the servers that a test of e2e/ has started, or for a test of the core out of this process.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

import pytest

from dev import odoo_process
from dev.cases import ids_of
from dev.sabotage_acts import Act, addresses_of

LAUNCHER = Path(__file__).with_name("sabotage_launcher.py")
NOTHING = Act((), "", ())


class Rows:
    """Loops over the rows where pytest would loop over the tests."""

    def __init__(self, plan: Path) -> None:
        read = json.loads(plan.read_text())
        self.report = Path(read["report"])
        self.acts = [Act(tuple(ids), file, tuple(pieces)) for ids, file, pieces in read["acts"]]
        self.act = NOTHING
        self.failed: dict[str, str] = {}
        self.problems: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        plays = []
        for act in self.acts:
            cases = set(act.cases)
            plays.append((act, [item for item in session.items if ids_of(item.nodeid) & cases]))
        noticed: set[str] = set()
        with self.report.open("w") as report:
            for line in self._played(session, plays):
                noticed |= line["failed"].keys()
                report.write(json.dumps(line) + "\n")
                report.flush()
            again = [item for item in session.items if item.nodeid in noticed]
            report.writelines(
                json.dumps(line) + "\n" for line in self._played(session, [(NOTHING, again)])
            )
        return True

    def _played(
        self, session: pytest.Session, plays: list[tuple[Act, list[pytest.Item]]]
    ) -> Iterator[dict[str, Any]]:
        """A line for each act."""
        followers = iter([item for _, tests in plays for item in tests])
        next(followers, None)
        for act, tests in plays:
            self.act, self.failed, self.problems = act, {}, set()
            for item in tests:
                following = next(followers, session)
                if following is item:
                    # Else it would not be set up anew.
                    following = item.parent
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            yield {
                "played": [item.nodeid for item in tests],
                "failed": self.failed,
                "problem": " ".join(sorted(self.problems)),
            }

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """The test itself, not what prepares it, goes without the piece."""
        with contextlib.ExitStack() as pieces:
            if self.act.pieces:
                try:
                    self._take_out(pieces)
                except (EOFError, LookupError, OSError, SyntaxError, ValueError) as error:
                    self.problems.add(str(error) or repr(error))
            return (yield)

    def _take_out(self, pieces: contextlib.ExitStack) -> None:
        addresses = addresses_of(os.getpid())
        problems = [self._take_out_of(pieces, str(address)) for address in addresses]
        if not addresses:
            pieces.enter_context(self.act.taken_out())
        elif all(problems):
            # One of several may be an Odoo that does not have it.
            raise LookupError(problems[0])

    def _take_out_of(self, pieces: contextlib.ExitStack, address: str) -> str:
        try:
            server = pieces.enter_context(Client(address))
        except ConnectionRefusedError:
            return f"has ended: {address}"
        server.send((self.act.cases, self.act.file, self.act.pieces))
        return str(server.recv())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        report = yield
        if call.excinfo and call.when == "call" and not self.problems:
            self.failed[item.nodeid] = repr(call.excinfo.value)[:200]
        elif call.excinfo and call.when == "setup":
            self.problems.add(f"{item.nodeid}: {call.excinfo.value!r}"[:300])
        return report


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plan says what is taken out, and where the report goes."""
    parser.addoption("--sabotage-plan", type=Path, required=True)


def pytest_configure(config: pytest.Config) -> None:
    """The servers that the tests start can be changed while they run."""
    odoo_process.LAUNCHER = LAUNCHER
    config.pluginmanager.register(Rows(config.getoption("--sabotage-plan")), "sabotage-loop")
