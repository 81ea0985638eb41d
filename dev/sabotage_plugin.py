"""A plugin of pytest: takes the checks of the core out, one at a time, and sees which tests notice.

Each attempt is a fork of the process that has collected the tests, so it costs as much as the tests that go through the
place of the attempt. What generated examples would notice does not count, nor what `IGNORED` only states.
"""

import functools
import json
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import protocol
import pytest
from protocol.endpoints.client_configuration import CLIENT_CONFIGURATION
from protocol.endpoints.registration import REGISTRATION
from protocol.server import AuthorizationServer
from protocol.standard_parts import STANDARD_PARTS

from dev import forked_tests
from dev.cases import ids_of
from dev.sabotage_acts import VERBS

# It repeats the tuples; that it fails says nothing about behaviour.
IGNORED = "test_order_of_steps.py"
REFUSING = ("check_", "reject_", "refuse_", "demand_", "verify_", "revoke_")
# Without one of these nothing works any longer: that all tests fail then says nothing about a case.
CARRYING = ("load_", "issue_", "answer_", "remember_", "begin_", "act_", "describe_", "run_")
WORKERS = 2
ENDPOINTS: dict[str, Any] = {
    **STANDARD_PARTS.endpoints,
    "registration": REGISTRATION,
    "client_configuration": CLIENT_CONFIGURATION,
}
Attempt = tuple[
    str, Callable[[], None], str
]  # its name, what it does, the place that its tests go through


class Sabotage:
    """Loops over the attempts where pytest would loop over the tests."""

    def __init__(self, report: Path, only: str) -> None:
        self.report = report
        self.only = re.compile(only)
        self.failed: list[str] = []
        self.playing = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [
            item for item in items if forked_tests.is_of_core(item) and item.path.name != IGNORED
        ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        functions, tuples = _functions(), _tuples()
        every = [*_dropped(tuples), *_neutralized(functions)]
        attempts = [attempt for attempt in every if self.only.search(attempt[0])]
        users = forked_tests.in_fork(lambda: self._uses(session.items, functions, tuples))
        with self.report.open("w") as report:
            for name, failed, count in self._played(session.items, attempts, users):
                report.write(json.dumps({"name": name, "failed": failed, "tests": count}) + "\n")
                report.flush()
        return True

    def _uses(
        self, items: list[pytest.Item], functions: dict[str, FunctionType], tuples: dict[str, Any]
    ) -> dict[str, list[int]]:
        """Which tests go through which function and which step."""
        uses: dict[str, set[int]] = defaultdict(set)
        names = {step.__code__: step.__name__ for part in tuples.values() for step in part.steps}
        names |= {function.__code__: name for name, function in functions.items()}
        entrance = AuthorizationServer.handle.__code__

        def profile(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call" and frame.f_code in names:
                uses[names[frame.f_code]].add(self.playing)
            elif event == "call" and frame.f_code is entrance:
                uses[f"{frame.f_locals['endpoint_name']}:"].add(self.playing)

        for self.playing, item in enumerate(items):
            sys.setprofile(profile)
            forked_tests.play(item)
            sys.setprofile(None)
        assert not self.failed, self.failed
        for name, part in tuples.items():
            for step in part.steps:
                through = uses[f"{name}:"] if name in ENDPOINTS else uses["token:"]
                uses[f"{name}:{step.__name__}"] = through & uses[names[step.__code__]]
        return {name: sorted(numbers) for name, numbers in uses.items()}

    def _played(
        self, items: list[pytest.Item], attempts: list[Attempt], users: dict[str, list[int]]
    ) -> Iterator[tuple[str, list[str], int]]:
        shares = [attempts[first::WORKERS] for first in range(WORKERS)]
        yield from forked_tests.at_once(
            [functools.partial(self._share, items, share, users) for share in shares]
        )

    def _share(
        self, items: list[pytest.Item], attempts: list[Attempt], users: dict[str, list[int]]
    ) -> Iterator[Any]:
        for name, act, place in attempts:
            chosen = [items[number] for number in users.get(place, ())]
            is_check = not place.rpartition(":")[2].startswith(CARRYING)
            work = functools.partial(self._attempt, act, chosen, every_case=is_check)
            yield name, forked_tests.in_fork(work), len(chosen)

    def _attempt(
        self, act: Callable[[], None], items: list[pytest.Item], *, every_case: bool
    ) -> list[str]:
        """The tests that fail: those that carry the id of a case, if all are wanted, and the first of the others."""
        act()
        for item in items:
            if not self.failed or (every_case and ids_of(item.nodeid)):
                forked_tests.play(item)
        return self.failed


def _tuples() -> dict[str, Any]:
    """Every part that has steps."""
    grants = STANDARD_PARTS.grants
    return ENDPOINTS | {name.rpartition(":")[2]: grant for name, grant in grants.items()}


def _dropped(tuples: dict[str, Any]) -> Iterator[Attempt]:
    for name, part in tuples.items():
        for step in part.steps:
            left = tuple(other for other in part.steps if other is not step)
            place = f"{name}:{step.__name__}"

            def act(part: Any = part, left: Any = left) -> None:
                object.__setattr__(part, "steps", left)

            yield f"without step {place}", act, place


def _functions() -> dict[str, FunctionType]:
    """Those of the core that refuse something, or that answer yes or no."""
    found = {}
    for module in pkgutil.walk_packages(protocol.__path__, "protocol."):
        for function in _defined_in(import_module(module.name)):
            returns = function.__annotations__.get("return")
            is_refusing = function.__name__.lstrip("_").startswith(REFUSING)
            if returns == "bool" or (returns == "None" and is_refusing):
                name = f"{module.name.partition('.')[2]}.{function.__qualname__}"
                found[name] = function
    return found


def _defined_in(module: ModuleType) -> Iterator[FunctionType]:
    """Functions, methods and properties of a module, but for those of ports, which have no body."""
    classes = [owner for owner in vars(module).values() if isinstance(owner, type)]
    own = [owner for owner in classes if owner.__module__ == module.__name__]
    for owner in (module, *(owner for owner in own if not getattr(owner, "_is_protocol", False))):
        for member in vars(owner).values():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            is_ours = isinstance(function, FunctionType) and function.__module__ == module.__name__
            # What dataclass makes has no file; what closes over variables cannot get the code of another.
            if is_ours and not function.__closure__ and function.__code__.co_filename[0] != "<":
                yield function


def _neutralized(functions: dict[str, FunctionType]) -> Iterator[Attempt]:
    for name, function in functions.items():
        if function.__annotations__["return"] == "bool":
            yield f"always yes {name}", _with_code(function, VERBS["always yes"].__code__), name
            yield f"always no {name}", _with_code(function, VERBS["always no"].__code__), name
        else:
            yield (
                f"never refuses {name}",
                _with_code(function, VERBS["never refuses"].__code__),
                name,
            )


def _with_code(function: FunctionType, code: CodeType) -> Callable[[], None]:
    def act() -> None:
        function.__code__ = code

    return act


def pytest_addoption(parser: pytest.Parser) -> None:
    """The report is one line of JSON for each attempt."""
    parser.addoption("--sabotage-report", type=Path, required=True)
    parser.addoption("--sabotage-only", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Under its own name, so that pytest does not take it for a second copy of this module."""
    loop = Sabotage(config.getoption("--sabotage-report"), config.getoption("--sabotage-only"))
    config.pluginmanager.register(loop, "sabotage-loop")
