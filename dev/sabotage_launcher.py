"""Starts Odoo as odoo_launcher.py does, with a way to take pieces out of it while it runs.

With `--test-enable` it plays the tests again and again, as the plan says that is its first argument; else it listens at
a socket for what to take out and when to put it back.
"""

import contextlib
import importlib
import json
import os
import sys
import threading
from functools import partial
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)
sabotage_acts = importlib.import_module("dev.sabotage_acts")
cases = importlib.import_module("dev.cases")
del sys.path[0]

from odoo.cli import main  # noqa: E402


def start_listening(parent: int) -> None:
    """Beside whatever else this process does."""
    threading.Thread(target=listen, args=(parent,), daemon=True).start()


def listen(parent: int) -> None:
    """Answer each message: what is to be taken out until the next one (nothing, if it is empty)."""
    address = sabotage_acts.address_of(parent, os.getpid())
    with Listener(str(address), family="AF_UNIX") as listener:
        while True:
            with listener.accept() as connection:
                _serve(connection)


def _serve(connection: Connection) -> None:
    """One caller, who gets everything back when it hangs up."""
    with contextlib.suppress(EOFError):
        act = sabotage_acts.Act(*connection.recv())
        try:
            with act.taken_out():
                connection.send("")
                connection.recv()
        except (LookupError, SyntaxError, ValueError) as error:
            connection.send(str(error))


def play_again_and_again(plan: dict[str, Any]) -> None:
    """Let Odoo play the tests of each row's cases without what the row takes out, and write down which failed."""
    from odoo.tests import loader, result
    from odoo.tests.suite import OdooSuite

    play = loader.run_suite
    acts = [sabotage_acts.Act(tuple(ids), *rest) for ids, *rest in plan["acts"]]
    failed: dict[str, str] = {}

    class Result(result.OdooTestResult):
        def addError(self, test: Any, err: Any) -> None:
            failed.setdefault(test.id(), repr(err[1])[:200])

        addFailure = addError

        def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
            if err:
                self.addError(test, err)

    def played(act: Any, tests: list[Any]) -> dict[str, Any]:
        failed.clear()
        problem = ""
        try:
            with act.taken_out() if act.pieces else contextlib.nullcontext():
                play(OdooSuite(tests))
        except (LookupError, SyntaxError, ValueError) as error:
            problem = str(error)
        names = [test.id() for test in tests]
        return {"played": names, "failed": dict(failed), "problem": problem}

    def run_suite(suite: Any, global_report: Any = None) -> Any:
        every, noticed = list(suite), set()
        with Path(plan["report"]).open("w") as report:
            for act in acts:
                tests = [test for test in every if cases.ids_of(test.id()) & set(act.cases)]
                line = played(act, tests)
                noticed |= line["failed"].keys()
                report.write(json.dumps(line) + "\n")
                report.flush()
            tests = [test for test in every if test.id() in noticed]
            report.write(json.dumps(played(sabotage_acts.Act((), "", ()), tests)) + "\n")
        return result.OdooTestResult(global_report=global_report)

    loader.OdooTestResult = Result
    loader.run_suite = run_suite


if __name__ == "__main__":
    if "--test-enable" in sys.argv:
        play_again_and_again(json.loads(Path(sys.argv.pop(1)).read_text()))
    elif "--workers=0" in sys.argv:
        start_listening(os.getppid())
    else:
        # Of several processes each worker has a copy of the code.
        os.register_at_fork(after_in_child=partial(start_listening, os.getppid()))
    main()
