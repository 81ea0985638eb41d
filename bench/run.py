"""`make bench`: one Odoo with two workers on a durable PostgreSQL, all routes side by side."""

import contextlib
import os
from collections.abc import Iterator

from dev import odoo_source, settings
from dev.console import say, step
from dev.measured_page import PERFORMANCE, write_result
from dev.settings import ADDON, ROOT, DevError
from dev.workbench import Workbench, opened

from . import contents, report
from .contents import Contents
from .measurement import FULL, QUICK, Measured, measure
from .processor_time import parent_of
from .routes import ROUTES

ADDONS = ROOT / "bench/addons"
YARDSTICK = "oauth2_provider_bench"
WORKERS = 2
LIVE_TOKENS = 100_000
# With a filter, Odoo lists the databases over a new connection for each request without a session: a cost that would
# flatter our ratios.
CHEAPEST = ("--db-filter=",)
DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")


def run(*, quick: bool) -> int:
    """Measure, print the table and (unless `quick`) write it to docs/performance.md; returns the exit code."""
    load, plan = os.getloadavg()[0], QUICK if quick else FULL
    with durable_workbench() as workbench:
        database = workbench.create_database("bench", [ADDON, YARDSTICK])
        with step(f"put in {LIVE_TOKENS:,} tokens"), workbench.shell(database) as shell:
            put_in = contents.fill(
                shell, workbench.databases, database, live=LIVE_TOKENS, redeemed=plan.total
            )
            contents.settle(workbench.databases, database)
            versions = shell.run(VERSIONS)
        server = start(workbench, database, put_in)
        with step(f"measure {plan.rounds} rounds of {plan.requests} requests"):
            [measurements] = measure([server], ROUTES, plan)
    facts = [*report.machine(versions, WORKERS, load), report.work(plan, f"{LIVE_TOKENS:,}")]
    text = "\n".join([*facts, "", report.table(measurements)])
    say(f"\n{text}\n")
    missed = report.missed(measurements)
    say(f"over the target: {', '.join(missed)}" if missed else "every target is met")
    if not quick:
        say(f"written to {write_result(PERFORMANCE, 'routes', text)}")
    return 1 if missed and not quick else 0


VERSIONS = """
import platform
from odoo.release import version
env.cr.execute("SHOW server_version")
result = {
    "Odoo": version,
    "Python": platform.python_version(),
    "PostgreSQL": env.cr.fetchone()[0].split()[0],
}
"""


@contextlib.contextmanager
def durable_workbench() -> Iterator[Workbench]:
    """A PostgreSQL that keeps its promises, and Odoo with the empty route."""
    chosen = settings.load()
    addons_paths = (*odoo_source.locate(chosen).addons_paths, ADDONS)
    with opened(chosen, addons_paths, durable=True) as workbench:
        _check_durable(workbench)
        yield workbench


def start(workbench: Workbench, database: str, put_in: Contents) -> Measured:
    server = workbench.start_server(database, workers=WORKERS, options=CHEAPEST)
    return Measured("127.0.0.1", server.port, server.pid, postgresql_pid(workbench), put_in)


def _check_durable(workbench: Workbench) -> None:
    """Refuse a server that answers before the commit is on the disk; matters for a developer's own one."""
    for name in DURABILITY:
        [[value]] = workbench.databases.query(f"SHOW {name}")
        if value != "on":
            raise DevError(f"PostgreSQL runs with {name} = {value}; only a durable one is measured")


def postgresql_pid(workbench: Workbench) -> int:
    """The process that all others of this PostgreSQL descend from."""
    # whoever started the checkpointer started all of them
    [[pid]] = workbench.databases.query(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    )
    return parent_of(pid)
