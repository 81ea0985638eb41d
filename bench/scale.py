"""`make bench ARGS=--scale`: the same routes with many tokens and with few."""

import os

from dev.console import say, step
from dev.databases import Databases
from dev.measured_page import PERFORMANCE, write_result
from dev.settings import ADDON
from dev.workbench import Workbench

from . import contents, report
from .contents import Contents
from .measurement import Measurement, Plan, measure
from .routes import ROUTES, Route
from .run import VERSIONS, WORKERS, YARDSTICK, durable_workbench, start

MANY, FEW = 10_000_000, 1_000
HIGHEST_RATIO = 1.2
PLAN = Plan(rounds=8, requests=250, warm_up=40)
TABLES = ("authorization", "token", "authorization_code")
# References are right by construction; to check them one by one would take an hour.
TRUSTED = "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; "


def run(many: int) -> int:
    """Measure, print, and write to docs/performance.md if it was the full number; returns the exit code."""
    load = os.getloadavg()[0]
    with durable_workbench() as workbench:
        put_in = [_filled(workbench, number, redeemed=PLAN.total) for number in (FEW, many)]
        servers = [start(workbench, database, tokens) for database, tokens in put_in]
        with step(f"measure {PLAN.rounds} rounds of {PLAN.requests} requests at both"):
            few_results, many_results = measure(servers, ROUTES, PLAN)
        with workbench.shell(put_in[1][0]) as shell:
            versions = shell.run(VERSIONS)
    facts = [*report.machine(versions, WORKERS, load), report.work(PLAN, f"{FEW:,} and {many:,}")]
    rows = _rows(few_results, many_results, many)
    text = "\n".join([*facts, "", *rows])
    say(f"\n{text}\n")
    if many == MANY:
        say(f"written to {write_result(PERFORMANCE, 'scale', text)}")
    missed = any(
        many_tokens.ratio(few_tokens) > HIGHEST_RATIO
        for few_tokens, many_tokens in zip(few_results, many_results, strict=True)
        if few_tokens.route.target
    )
    return 1 if missed else 0


def _filled(workbench: Workbench, live: int, *, redeemed: int) -> tuple[str, Contents]:
    database = workbench.create_database(f"bench_{live}", [ADDON, YARDSTICK])
    databases = workbench.databases
    with step(f"put in {live:,} tokens"), workbench.shell(database) as shell:
        indexes = _drop_indexes(databases, database)
        put_in = contents.fill(
            shell, databases, database, live=live, redeemed=redeemed, before=TRUSTED
        )
        for definition in indexes:
            databases.query(TRUSTED + definition, database=database)
        contents.settle(databases, database)
    return database, put_in


def _drop_indexes(databases: Databases, database: str) -> list[str]:
    """All but the primary keys; to build an index once is faster than to keep it. Returns how to make them again."""
    rows = databases.query(
        """SELECT indexname, indexdef FROM pg_indexes
            WHERE tablename = ANY(%s) AND indexname NOT LIKE '%%pkey'""",
        [f"oauth2_provider_{table}" for table in TABLES],
        database=database,
    )
    for name, _definition in rows:
        databases.query(f'DROP INDEX "{name}"', database=database)
    return [definition for _name, definition in rows]


def _rows(few: list[Measurement], many: list[Measurement], number: int) -> list[str]:
    rows = [
        f"| Route | CPU per request with {FEW:,} tokens | with {number:,} | ratio | expected | | ratio on the clock |",
        "|---|---:|---:|---:|---:|---|---:|",
    ]
    for small, large in zip(few, many, strict=True):
        ratio, route = large.ratio(small), small.route
        rows.append(
            f"| {route.title} | {report.milliseconds(small.processor)} | "
            f"{report.milliseconds(large.processor)} | **{ratio:.2f}** | {_expected(route, ratio)} | "
            f"{large.clock_ratio(small):.2f} |"
        )
    return rows


def _expected(route: Route, ratio: float) -> str:
    if route.target is None:
        return " | "
    return f"≤ {HIGHEST_RATIO} | {'met' if ratio <= HIGHEST_RATIO else 'missed'}"
