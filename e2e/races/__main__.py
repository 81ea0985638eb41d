"""`python3 -m e2e.races [--secrets 1000] [--only WORDS]`, called by `make races`.

The results of a thousand secrets and more go to docs/proof.md.
"""

import argparse
import os
import sys

from dev.console import say, step
from dev.measured_page import PROOF
from dev.settings import DevError
from dev.workbench import opened
from e2e.harness.systems import Systems

from .race import Plan, play
from .races import RACES
from .rows import row_of, write_race
from .stage import opened_stage

USES = 10
WHOLE = 1000


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make races", description=sys.modules["e2e.races"].__doc__
    )
    parser.add_argument("--secrets", type=int, default=WHOLE, help="so many of each kind")
    parser.add_argument("--only", default="", help="races that have these words in their title")
    options = parser.parse_args()
    races = [race for race in RACES if options.only in race.title]
    if not races:
        raise DevError(f"no race has {options.only!r} in its title")
    plan = Plan(options.secrets, USES)
    say(f"{os.cpu_count()} cores, {plan.clients} clients at a time")
    with opened(durable=True) as workbench:
        systems = Systems(workbench)
        try:
            with opened_stage(systems) as stage:
                for race in races:
                    with step(f"{plan.secrets} {race.title}, {plan.uses} uses of each"):
                        outcome = play(race(stage), plan)
                    unexpected = [record.text for record in stage.system.new_problems()]
                    if unexpected:
                        raise DevError("the server's log complains:\n" + "\n".join(unexpected[:20]))
                    say(row_of(outcome))
                    if plan.secrets >= WHOLE:
                        write_race(PROOF, outcome)
        finally:
            systems.stop_all()
    return 0


try:
    sys.exit(main())
except DevError as error:
    say(f"error: {error}")
    sys.exit(2)
