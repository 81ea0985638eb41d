"""`python3 -m e2e.endurance [--minutes 60]`, called by `make endurance`; the result goes to docs/performance.md."""

import argparse
import sys

from dev.console import say, step
from dev.measured_page import PERFORMANCE, write_result
from dev.settings import ROOT, DevError
from dev.workbench import opened
from e2e.harness.systems import Systems

from . import report, scene
from .measurement import Plan, Record, measure
from .work import ACTIONS

PEOPLE, APPLICATIONS = 200, 20
MOST_GROWTH = 10.0  # megabytes, of all processes together
# Of the median, and of what 95 of 100 stay below, which few long ones move.
MOST_SLOWING, MOST_SLOWING_OF_SLOW = 1.25, 1.5
WHOLE = 3600.0  # seconds; what is kept was measured so long


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make endurance", description=sys.modules["e2e.endurance"].__doc__
    )
    parser.add_argument("--minutes", type=float, default=60)
    plan = Plan(seconds=parser.parse_args().minutes * 60)
    with opened(durable=True) as workbench:
        systems = Systems(workbench)
        try:
            system = scene.start(systems)
            people = scene.people_at_work(system, PEOPLE, APPLICATIONS)
            with step(f"{PEOPLE} people work for {plan.seconds / 60:g} minutes"):
                record = measure(system, people, plan)
            record.failures += [problem.text for problem in system.new_problems()]
        finally:
            systems.stop_all()
    text = report.facts(
        record,
        people=PEOPLE,
        applications=APPLICATIONS,
        workers=scene.WORKERS,
        clients=plan.clients,
    )
    table = report.table(record)
    say(f"\n{text}\n\n{table}\n")
    if plan.seconds >= WHOLE:
        _keep(record, text, table)
    return _judge(record)


def _keep(record: Record, text: str, table: str) -> None:
    plots = [file.relative_to(ROOT / "docs") for file in report.draw(record)]
    images = "\n".join(f"![{file.stem.replace('-', ', ')}]({file})" for file in plots)
    page = write_result(PERFORMANCE, "endurance", "\n\n".join([text, table, images]))
    say(f"written to {page}")


def _judge(record: Record) -> int:
    complaints = record.failures[:20]
    if record.growth > MOST_GROWTH:
        complaints.append(f"memory grew by {record.growth:.1f} MB")
    slow = [
        action
        for action in ACTIONS
        if record.slowing(action) > MOST_SLOWING
        or record.slowing_of_slow(action) > MOST_SLOWING_OF_SLOW
    ]
    if slow:
        complaints.append(f"answers became slower: {', '.join(slow)}")
    for complaint in complaints:
        say(complaint)
    return 1 if complaints else 0


try:
    sys.exit(main())
except DevError as error:
    say(f"error: {error}")
    sys.exit(2)
