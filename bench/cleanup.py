"""`make bench ARGS=--cleanup`: all cleanup jobs delete a million expired rows; requests bring just those, and others.

No request may wait for the cleanup, nor it for any request, and none may take long because of it.
"""

import itertools
import json
import os
import random
import statistics
import subprocess
import threading
from dataclasses import dataclass, field

from dev.cleanup_jobs import find_jobs
from dev.console import say, step
from dev.measured_page import PERFORMANCE, write_result
from dev.odoo_shell import OdooShell
from dev.settings import ADDON, DevError
from dev.workbench import Workbench

from . import contents, report
from .contents import APPLICATIONS, REDIRECT_URI, VERIFIER, Contents, secret
from .measurement import Generator, Measured, generator
from .routes import PLAIN_REFRESH, Request, post
from .run import LIVE_TOKENS, VERSIONS, WORKERS, YARDSTICK, durable_workbench, start

EXPIRED, QUICK = 1_000_000, 200_000
AT_ONCE, THREADS = 40, 4
# Refreshes before the cleanup, and at most beside it.
ALONE, BESIDE = 20 * AT_ONCE, 500 * AT_ONCE
# How much longer a request may take beside the cleanup, with which it shares the processors.
SLOWER = 3
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
# Secrets that live are numbered from 1.
UNUSED, ROTATED = 10**12, 2 * 10**12

_THEN = "now() AT TIME ZONE 'UTC' - interval '2 years'"
_HASH = (
    "encode(sha256(('{prefix}' || lpad((number + {base}::bigint)::text, 43, '0'))::bytea), 'hex')"
)


def _hash(prefix: str, base: int = UNUSED) -> str:
    return _HASH.format(prefix=prefix, base=base)


def _tokens(kind: str, prefix: str, base: int, used: str) -> str:
    return f"""token (kind, token_hash, authorization_id, scope, issued_at, expires_at, used_at)
        SELECT '{kind}', {_hash(prefix, base)}, {{first}} + number, 'openid', {_THEN}, {_THEN}, {used}"""


# Ten statements, each for a tenth of the rows: where they go, and what from `number` and an authorization that lives.
_ROWS = (
    f"""authorization (id, client_id, user_id, scope, redirect_uri, created_at, expires_at)
        SELECT {{first}} + number, live.client_id, live.user_id, 'openid', live.redirect_uri, {_THEN}, {_THEN}""",
    _tokens("access", "o2a_", UNUSED, "NULL"),
    _tokens("access", "o2a_", ROTATED, "NULL"),
    _tokens("refresh", "o2r_", UNUSED, "NULL"),
    _tokens("refresh", "o2r_", ROTATED, _THEN),
    f"""authorization_code (code_hash, authorization_id, client_id, redirect_uri, redirect_uri_sent,
                            code_challenge, expires_at, used_at)
        SELECT {_hash("o2c_")}, {{first}} + number, live.client_id, live.redirect_uri, TRUE, '{contents.CHALLENGE}',
               {_THEN}, CASE WHEN number % 2 = 0 THEN {_THEN} END""",
    f"""device_code (device_code_hash, user_code_hash, client_id, status, created_at, expires_at, poll_interval)
        SELECT {_hash("device")}, {_hash("user")}, live.client_id, 'pending', {_THEN}, {_THEN}, 5""",
    f"""authorization_request (handle_hash, client_id, parameters, created_at, expires_at)
        SELECT {_hash("request")}, live.client_id, '[]', {_THEN}, {_THEN}""",
    f"""event (occurred_at, event_type, client_id, user_id)
        SELECT {_THEN}, 'token_issued', live.client_id, live.user_id""",
    f"""single_use_value (kind, value_hash, expires_at) SELECT 'client_assertion', {_hash("jti")}, {_THEN}""",
)
# Goes with its authorization, by cascade.
_REVOCATION = f"""authorization_revocation (authorization_id, reason, revoked_at)
    SELECT {{first}} + number, 'user', {_THEN}"""

# Looks every few milliseconds for somebody who waits for the one named `sys.argv[2]`, and the other way round, until
# its standard input ends.
_WATCH = """
import json, psycopg2, select, sys
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
looked, waits = 0, []
while not select.select([sys.stdin], [], [], 0.005)[0]:
    cursor.execute('''
        WITH waiting AS MATERIALIZED (
            SELECT pid, application_name, query FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND datname = current_database())
        SELECT waiting.application_name = %(cleanup)s, waiting.query
          FROM waiting JOIN pg_stat_activity blocking ON blocking.pid = ANY (pg_blocking_pids(waiting.pid))
         WHERE %(cleanup)s IN (waiting.application_name, blocking.application_name)''', {"cleanup": sys.argv[2]})
    looked += 1
    waits += cursor.fetchall()
print(json.dumps([looked, waits]))
"""
_NAME = "env.cr.execute('SHOW application_name'); result = env.cr.fetchone()[0]"
_CLEAN = """
import time
started = time.monotonic()
deleted, _more = getattr(env[model], method)()
env.cr.commit()
result = [deleted, time.monotonic() - started]
"""


@dataclass
class Result:
    """Seconds of the slowest requests, and what the looks at PostgreSQL's locks have found.

    ``alone`` and ``beside``: of each `AT_ONCE` that refreshed a token that lives, without and with the cleanup.
    """

    alone: list[float]
    beside: list[float] = field(default_factory=list)
    expired: float = 0.0
    requests: int = 0
    deleted: int = 0
    longest: float = 0.0
    looked: int = 0
    waited_for_cleanup: list[str] = field(default_factory=list)
    cleanup_waited: list[str] = field(default_factory=list)

    @property
    def slower(self) -> float:
        """How much longer the slowest of `AT_ONCE` takes beside the cleanup; medians."""
        return statistics.median(self.beside) / statistics.median(self.alone)

    @property
    def is_good(self) -> bool:
        return not self.waited_for_cleanup and not self.cleanup_waited and self.slower <= SLOWER


class _Cleanup(threading.Thread):
    """Runs every job, a batch each in turn, as Odoo's scheduled cleanup does, until none of them finds anything."""

    def __init__(self, shell: OdooShell) -> None:
        super().__init__()
        self._shell, self._jobs = shell, find_jobs(shell)
        self.name_at_postgresql = shell.run(_NAME)
        self.deleted, self.longest = 0, 0.0

    def run(self) -> None:
        while sum([self._batch(model, method) for model, method in self._jobs]):
            pass

    def _batch(self, model: str, method: str) -> int:
        deleted, seconds = self._shell.run(_CLEAN, model=model, method=method)
        self.deleted += deleted
        self.longest = max(self.longest, seconds)
        return deleted


def run(*, quick: bool) -> int:
    """Measure, print, and (unless `quick`) write to docs/performance.md; returns the exit code: 1 if it is not good."""
    load, number = os.getloadavg()[0], QUICK if quick else EXPIRED
    with durable_workbench() as workbench:
        database = workbench.create_database("bench_cleanup", [ADDON, YARDSTICK])
        with workbench.shell(database) as shell:
            with step(
                f"put in {LIVE_TOKENS:,} tokens that live and {number:,} rows that have expired"
            ):
                put_in = contents.fill(
                    shell, workbench.databases, database, live=LIVE_TOKENS, redeemed=ALONE + BESIDE
                )
                shell.run("env['oauth2.provider.client'].search([]).write({'use_device': True})")
                _let_expire(workbench, database, number // len(_ROWS))
            server = start(workbench, database, put_in)
            with step("clean up beside requests"):
                result = _clean_up(workbench, database, server, shell, number // len(_ROWS))
            versions = shell.run(VERSIONS)
    if result.deleted < number:
        raise DevError(f"only {result.deleted:,} of {number:,} rows were deleted")
    text = "\n".join([*report.machine(versions, WORKERS, load), "", _words(result)])
    say(f"\n{text}\n")
    for query in {*result.waited_for_cleanup, *result.cleanup_waited}:
        say(f"waited: {' '.join(query.split())[:300]}")
    if not quick:
        say(f"written to {write_result(PERFORMANCE, 'cleanup', text)}")
    return 0 if result.is_good else 1


def _let_expire(workbench: Workbench, database: str, number: int) -> None:
    """Put in `number` rows by each statement."""
    [[first]] = workbench.databases.query(
        "SELECT max(id) FROM oauth2_provider_authorization", database=database
    )
    for rows in (*_ROWS, _REVOCATION):
        workbench.databases.query(
            f"""INSERT INTO oauth2_provider_{rows.format(first=first)}
                  FROM generate_series(1, {number}) number
                  JOIN oauth2_provider_authorization live ON live.id = 1 + number % {APPLICATIONS}""",
            database=database,
        )
    workbench.databases.query(
        "SELECT setval('oauth2_provider_authorization_id_seq', %s)",
        first + number,
        database=database,
    )
    contents.settle(workbench.databases, database)


def _expired(put_in: Contents, number: int) -> list[Request]:
    """Everything that can be asked with what one authorization has left."""
    owner = put_in.owner(1 + number % APPLICATIONS)

    def ask(path: str, **form: str) -> Request:
        return post(f"/oauth2/{path}", owner, **form)

    access = secret("o2a_", UNUSED + number)
    refresh = {"grant_type": "refresh_token"}
    code = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}
    return [
        ask("token", refresh_token=secret("o2r_", UNUSED + number), **refresh),
        ask("token", refresh_token=secret("o2r_", ROTATED + number), **refresh),
        ask("token", code=secret("o2c_", UNUSED + number), code_verifier=VERIFIER, **code),
        ask("token", device_code=secret("device", UNUSED + number), grant_type=DEVICE),
        ask("introspect", token=access),
        ask("revoke", token=secret("o2a_", ROTATED + number)),
        ("GET", "/oauth2/userinfo", {"Authorization": f"Bearer {access}"}, None),
    ]


def _clean_up(
    workbench: Workbench, database: str, server: Measured, shell: OdooShell, families: int
) -> Result:
    numbers = iter(range(1, server.contents.redeemed + 1))
    cleanup = _Cleanup(shell)
    with generator() as process, _watch(workbench, database, cleanup.name_at_postgresql) as watch:
        result = Result([_refresh(process, server, numbers) for _part in range(ALONE // AT_ONCE)])
        cleanup.start()
        while cleanup.is_alive():
            result.beside.append(_refresh(process, server, numbers))
            chosen = [random.randint(1, families) for _one in range(AT_ONCE // 4)]
            asked = [request for one in chosen for request in _expired(server.contents, one)]
            cost = process.cost(server, asked, THREADS, expected=(200, 400, 401))
            result.expired = max(result.expired, cost.slowest)
            result.requests += AT_ONCE + len(asked)
        cleanup.join()
        result.looked, waits = json.loads(watch.communicate("\n")[0])
    result.deleted, result.longest = cleanup.deleted, cleanup.longest
    for is_cleanup, query in waits:
        (result.cleanup_waited if is_cleanup else result.waited_for_cleanup).append(query)
    return result


def _refresh(process: Generator, server: Measured, numbers: "itertools.count[int]") -> float:
    """Send refresh tokens that live; returns how long the slowest took."""
    requests = [
        PLAIN_REFRESH.request(server.contents, number)
        for number in itertools.islice(numbers, AT_ONCE)
    ]
    return process.cost(server, requests, THREADS).slowest


def _watch(workbench: Workbench, database: str, cleanup: str) -> "subprocess.Popen[str]":
    databases = workbench.databases
    return subprocess.Popen(
        [str(databases.python), "-c", _WATCH, database, cleanup],
        env={**os.environ, **databases.pg_variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _words(result: Result) -> str:
    slowest = report.milliseconds
    return (
        f"All cleanup jobs deleted {result.deleted:,} expired rows of nine tables, and by cascade the revocations of a "
        f"tenth as many authorizations; their longest batch held its rows for {result.longest:.1f} s. Beside it "
        f"{result.requests:,} requests came. The slowest that refreshed a token that lives took "
        f"{slowest(max(result.beside))}, without the cleanup {slowest(max(result.alone))}; the slowest with something "
        f"expired {slowest(result.expired)}. Of each {AT_ONCE} that refreshed, the slowest took "
        f"{slowest(statistics.median(result.beside))} in the median, without the cleanup "
        f"{slowest(statistics.median(result.alone))}: {result.slower:.1f} times as long (allowed {SLOWER}). "
        f"In {result.looked:,} looks at PostgreSQL's locks a request waited for the cleanup "
        f"{len(result.waited_for_cleanup)} times, and the cleanup for a request {len(result.cleanup_waited)} times."
    )
