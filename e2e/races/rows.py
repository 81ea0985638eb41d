"""The table in docs/proof.md: a row for each race, with its last result."""

from pathlib import Path

from dev.measured_page import read_part, when_played, write_part

from .race import Outcome
from .races import RACES

PART = "races"
HEADER = (
    "| what is used several times at once | secrets | uses | winners | seconds | played | what holds |\n"
    "|---|---:|---:|---:|---:|---|---|"
)


def write_row(page: Path, outcome: Outcome) -> str:
    """Renew the row of the race that was played; the others keep their last result. Returns the row."""
    rows = {
        race.title: f"| {race.title} | not played |  |  |  |  | {race.rule} |" for race in RACES
    }
    for line in read_part(page, PART).splitlines():
        title = line.removeprefix("| ").partition(" | ")[0]
        if title in rows:
            rows[title] = line
    rows[outcome.title] = _row(outcome)
    write_part(page, PART, "\n".join([HEADER, *rows.values()]))
    return rows[outcome.title]


def _row(outcome: Outcome) -> str:
    return (
        f"| {outcome.title} | {outcome.secrets:,} | {outcome.requests:,} | {outcome.winners:,} "
        f"| {outcome.seconds:.0f} | {when_played()} | {outcome.rule} |"
    )
