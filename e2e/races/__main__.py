"""`python3 -m e2e.races [--secrets 1000]`, called by `make races`: all races, the result in docs/proof.md."""

import argparse
import os
import sys

from dev.console import say, step
from dev.measured_page import PROOF, write_part
from dev.settings import DevError
from dev.workbench import opened
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import Systems

from .race import Outcome, Plan, play
from .races import RACES, Codes, RefreshTokens

WORKERS = 2
USES = 10
LONGEST = (Codes, RefreshTokens)
HEADER = (
    "| what is used several times at once | secrets | uses | winners | seconds | what holds |\n"
    "|---|---:|---:|---:|---:|---|"
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make races", description=sys.modules["e2e.races"].__doc__
    )
    parser.add_argument(
        "--secrets",
        type=int,
        default=1000,
        help="so many codes and refresh tokens; a tenth of the rest",
    )
    secrets = parser.parse_args().secrets
    with opened(durable=True) as workbench:
        systems = Systems(workbench)
        try:
            system = systems.start_provider("races", workers=WORKERS)
            browser = HttpBrowser(system)
            browser.log_in(create_person(system))
            outcomes = []
            for race in RACES:
                # people have to press a button for each device; and signatures take time
                plan = Plan(secrets if race in LONGEST else max(secrets // 10, 1), USES)
                with step(f"{plan.secrets} {race.title}, {plan.uses} uses of each"):
                    outcomes.append(play(race(system, browser), plan))
            unexpected = [record.text for record in system.new_problems()]
        finally:
            systems.stop_all()
    if unexpected:
        raise DevError("the server's log complains:\n" + "\n".join(unexpected[:20]))
    report = _report(outcomes, secrets)
    say(report)
    say(f"written to {write_part(PROOF, 'races', report)}")
    return 0


def _report(outcomes: list[Outcome], secrets: int) -> str:
    facts = (
        f"`make races ARGS='--secrets {secrets}'`: {WORKERS} workers, durable commits, "
        f"{Plan.clients} clients at a time, "
        f"{os.cpu_count()} cores shared with them."
    )
    rows = (
        f"| {outcome.title} | {outcome.secrets:,} | {outcome.requests:,} | {outcome.winners:,} "
        f"| {outcome.seconds:.0f} | {outcome.rule} |"
        for outcome in outcomes
    )
    return "\n".join([facts, "", HEADER, *rows])


try:
    sys.exit(main())
except DevError as error:
    say(f"error: {error}")
    sys.exit(2)
