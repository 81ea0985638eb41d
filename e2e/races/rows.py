"""The table in docs/proof.md: a row for each race, with its last result."""

from pathlib import Path

from dev.measured_page import when_played, write_row

from .race import Outcome
from .races import RACES

PART = "races"
HEADER = (
    "| what is used several times at once | secrets | uses | winners | seconds | played | what holds |\n"
    "|---|---:|---:|---:|---:|---|---|"
)


def row_of(outcome: Outcome) -> str:
    return f"| {outcome.title} | {_cells(outcome)} |"


def write_race(page: Path, outcome: Outcome) -> None:
    """Renew the row of the race that was played."""
    unplayed = {race.title: f"not played |  |  |  |  | {race.rule}" for race in RACES}
    write_row(page, PART, HEADER, unplayed, outcome.title, _cells(outcome))


def _cells(outcome: Outcome) -> str:
    return (
        f"{outcome.secrets:,} | {outcome.requests:,} | {outcome.winners:,} "
        f"| {outcome.seconds:.0f} | {when_played()} | {outcome.rule}"
    )
