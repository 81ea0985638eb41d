"""`make bench ARGS=--scale`: the same routes with many tokens and with few, and the cleanup beside token requests."""

import os
import subprocess
import threading
from dataclasses import dataclass, field

from dev.console import say, step
from dev.databases import Databases
from dev.measured_page import PERFORMANCE, write_part
from dev.settings import ADDON
from dev.workbench import Workbench

from . import contents, report
from .contents import Contents
from .measurement import Generator, Measured, Measurement, Plan, generator, measure
from .routes import PLAIN_REFRESH, ROUTES, Route
from .run import VERSIONS, WORKERS, YARDSTICK, durable_workbench, start

MANY, FEW = 10_000_000, 1_000
EXPIRED = 1_000_000
HIGHEST_RATIO = 1.2
PLAN = Plan(rounds=8, requests=60, warm_up=40)
# Token requests before the cleanup, and at most beside it.
ALONE, BESIDE = 20 * PLAN.requests, 400 * PLAN.requests
TABLES = ("authorization", "token", "authorization_code")
# References are right by construction; to check them one by one would take an hour.
TRUSTED = "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; "
_EXPIRED = """
    INSERT INTO oauth2_provider_token
           (kind, token_hash, authorization_id, scope, audience, issued_at, expires_at)
    SELECT 'access', encode(sha256(('expired' || number)::bytea), 'hex'), 1 + number %% %s, 'openid', %s,
           now() AT TIME ZONE 'UTC' - interval '2 days', now() AT TIME ZONE 'UTC' - interval '1 day'
      FROM generate_series(1, %s) number
"""
# Looks every few milliseconds for somebody who waits for a row or a table, until its standard input ends.
_WATCH = """
import psycopg2, select, sys
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
looked = waited = 0
while not select.select([sys.stdin], [], [], 0.005)[0]:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'extend'")
    looked, waited = looked + 1, waited + (cursor.fetchone()[0] > 0)
print(looked, waited)
"""


@dataclass
class Cleanup:
    """What token requests felt of it: the slowest of them alone and beside it, in seconds; how often anybody waited."""

    alone: float
    beside: float
    deleted: int
    seconds: float
    looked: int
    waited: int


@dataclass
class _Deletion(threading.Thread):
    """Cleans up in batches, as the scheduled job does, until nothing is left."""

    workbench: Workbench
    database: str
    deleted: int = 0
    seconds: float = 0.0
    finished: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            with self.workbench.shell(self.database) as shell:
                more = True
                while more:
                    count, more, seconds = shell.run(_CLEAN)
                    self.deleted += count
                    self.seconds += seconds
        finally:
            self.finished.set()


_CLEAN = """
import time
started = time.monotonic()
deleted, more = env["oauth2.provider.token"]._gc_expired()
result = [deleted, more, time.monotonic() - started]
"""


def run(many: int) -> int:
    """Measure, print, and write to docs/performance.md if it was the full number; returns the exit code."""
    load = os.getloadavg()[0]
    with durable_workbench() as workbench:
        put_in = [
            _filled(workbench, FEW, redeemed=PLAN.total),
            _filled(workbench, many, redeemed=PLAN.total + ALONE + BESIDE),
        ]
        servers = [start(workbench, database, tokens) for database, tokens in put_in]
        with step(f"measure {PLAN.rounds} rounds of {PLAN.requests} requests at both"):
            few_results, many_results = measure(servers, ROUTES, PLAN)
        large = put_in[1][0]
        cleanup = _clean_up(workbench, large, servers[1])
        with workbench.shell(large) as shell:
            versions = shell.run(VERSIONS)
    facts = [*report.machine(versions, WORKERS, load), report.work(PLAN, f"{FEW:,} and {many:,}")]
    rows = _rows(few_results, many_results, many)
    text = "\n".join([*facts, "", *rows, "", _words(cleanup)])
    say(f"\n{text}\n")
    if many == MANY:
        say(f"written to {write_part(PERFORMANCE, 'scale', text)}")
    missed = any(
        _ratio(pair) > HIGHEST_RATIO
        for pair in zip(few_results, many_results, strict=True)
        if pair[0].route.target
    )
    return 1 if missed or cleanup.waited else 0


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


def _clean_up(workbench: Workbench, database: str, server: Measured) -> Cleanup:
    """Refresh tokens while a million of others is deleted."""
    with step(f"let {EXPIRED:,} tokens expire"):
        workbench.databases.query(
            TRUSTED + _EXPIRED,
            *(server.contents.authorizations, contents.ISSUER, EXPIRED),
            database=database,
        )
        contents.settle(workbench.databases, database)
    numbers = iter(range(PLAN.total + 1, server.contents.redeemed + 1))
    with step("clean up beside token requests"), generator() as process:
        alone = max(_slowest(process, server, numbers) for _part in range(ALONE // PLAN.requests))
        deletion, beside = _Deletion(workbench, database), 0.0
        with _watch(workbench, database) as watch:
            deletion.start()
            while not deletion.finished.is_set():
                beside = max(beside, _slowest(process, server, numbers))
            deletion.join()
            looked, waited = map(int, watch.communicate("\n")[0].split())
    return Cleanup(alone, beside, deletion.deleted, deletion.seconds, looked, waited)


def _watch(workbench: Workbench, database: str) -> "subprocess.Popen[str]":
    databases = workbench.databases
    return subprocess.Popen(
        [str(databases.python), "-c", _WATCH, database],
        env={**os.environ, **databases.pg_variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _slowest(process: Generator, server: Measured, numbers) -> float:
    requests = [
        PLAIN_REFRESH.request(server.contents, number)
        for number, _count in zip(numbers, range(PLAN.requests), strict=False)
    ]
    return process.cost(server, requests, PLAN.threads).slowest


def _ratio(pair: tuple[Measurement, Measurement]) -> float:
    few, many = pair
    return round(many.ratio(few), 2)


def _rows(few: list[Measurement], many: list[Measurement], number: int) -> list[str]:
    rows = [
        f"| Route | CPU per request with {FEW:,} tokens | with {number:,} | ratio | expected | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for pair in zip(few, many, strict=True):
        small, large = pair
        ratio, route = _ratio(pair), small.route
        rows.append(
            f"| {route.title} | {report.milliseconds(small.processor)} | "
            f"{report.milliseconds(large.processor)} | **{ratio:.2f}** | {_expected(route, ratio)} |"
        )
    return rows


def _expected(route: Route, ratio: float) -> str:
    if route.target is None:
        return " | "
    return f"≤ {HIGHEST_RATIO} | {'met' if ratio <= HIGHEST_RATIO else 'missed'}"


def _words(cleanup: Cleanup) -> str:
    return (
        f"Cleanup of {cleanup.deleted:,} expired tokens took {cleanup.seconds:.0f} s in batches, with refresh requests "
        f"beside it. The slowest of these took {report.milliseconds(cleanup.beside)}, without the cleanup "
        f"{report.milliseconds(cleanup.alone)}. In {cleanup.looked:,} looks at PostgreSQL's locks somebody waited for "
        f"one {cleanup.waited} times."
    )
