"""`python3 -m e2e.matrix [--only WORDS] [--short] [--tags :TestClass]`, called by `make matrix`."""

import argparse
import sys
from collections.abc import Iterable

from dev import settings
from dev.console import say
from dev.measured_page import when_played, write_row
from dev.settings import ROOT, DevError

from .play import Verdict, play_end_to_end, play_servers, play_tests
from .rows import END_TO_END, SERVERS, SHORT, TESTS, Server, Tests

PAGE = ROOT / "docs/compatibility.md"
PART = "played"
HEADER = (
    "| how Odoo is installed or started | result | minutes | played | remark |\n"
    "|---|---|---:|---|---|"
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make matrix", description=sys.modules["e2e.matrix"].__doc__
    )
    parser.add_argument("--only", default="", help="rows that have these words in their title")
    parser.add_argument(
        "--short", action="store_true", help="of our tests those of what neighbours change"
    )
    parser.add_argument(
        "--tags", default="", help="of the add-on's tests these alone; writes nothing"
    )
    options = parser.parse_args()
    verdicts = []
    tags = options.tags or (SHORT if options.short else "")
    for verdict in _play(options.only, tags):
        verdicts.append(verdict)
        if not options.tags:
            _write(verdict)
        say(f"== {verdict.title}: {verdict.result} ({verdict.seconds:.0f} s) {verdict.remark}")
    return 0 if verdicts and all(verdict.good for verdict in verdicts) else 1


def _play(only: str, tags: str) -> Iterable[Verdict]:
    chosen = settings.load()
    tests: list[Tests] = [row for row in TESTS if only in row.title]
    servers: list[Server] = [row for row in SERVERS if only in row.title]
    yield from play_tests(chosen, tests, tags)
    if servers and tags in ("", SHORT):
        yield from play_servers(chosen, servers)
    if not tags:
        yield from play_end_to_end(chosen, [row for row in END_TO_END if only in row.title])


def _write(verdict: Verdict) -> None:
    """Renew the row that was played."""
    titles = (row.title for row in (*TESTS, *SERVERS, *END_TO_END))
    minutes, remark = f"{verdict.seconds / 60:.1f}", verdict.remark.replace("\n", " ")
    cells = " | ".join((str(verdict.result), minutes, when_played(), remark))
    write_row(
        PAGE, PART, HEADER, dict.fromkeys(titles, "not played |  |  | "), verdict.title, cells
    )


try:
    sys.exit(main())
except DevError as error:
    say(f"error: {error}")
    sys.exit(2)
