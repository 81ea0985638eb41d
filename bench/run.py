"""`make bench`: one Odoo with two workers on a durable PostgreSQL, all routes side by side."""

import os

from dev import odoo_source, settings
from dev.console import say, step
from dev.settings import ADDON, ROOT, DevError
from dev.workbench import Workbench, opened

from . import contents, report
from .measurement import FULL, QUICK, Measured, Plan, measure
from .processor_time import parent_of

ADDONS = ROOT / "bench/addons"
YARDSTICK = "oauth2_provider_bench"
WORKERS = 2
# With a filter, Odoo lists the databases over a new connection for each request without a session: a cost that would
# flatter our ratios.
CHEAPEST = ("--db-filter=",)
DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")


def run(*, quick: bool) -> int:
    """Measure, print the table and (unless `quick`) write it to docs/performance.md; returns the exit code."""
    load = os.getloadavg()[0]
    chosen = settings.load()
    addons_paths = (*odoo_source.locate(chosen).addons_paths, ADDONS)
    with opened(chosen, addons_paths, durable=True) as workbench:
        return _run(workbench, QUICK if quick else FULL, load, keep=not quick)


def _run(workbench: Workbench, plan: Plan, load: float, *, keep: bool) -> int:
    _check_durable(workbench)
    database = workbench.create_database("bench", [ADDON, YARDSTICK])
    with step(f"put in {contents.LIVE_TOKENS:,} tokens"), workbench.shell(database) as shell:
        put_in = contents.fill(shell, workbench.databases, database, redeemed=plan.total)
        versions = shell.run(_VERSIONS)
    server = workbench.start_server(database, workers=WORKERS, options=CHEAPEST)
    measured = Measured("127.0.0.1", server.port, server.pid, _postgresql_pid(workbench))
    with step(f"measure {plan.rounds} rounds of {plan.requests} requests"):
        measurements = measure(measured, put_in, plan)
    facts = report.facts(plan, versions, WORKERS, load)
    table = report.table(measurements)
    say(f"\n{facts}\n\n{table}\n")
    if keep:
        say(f"written to {report.write(facts, table).relative_to(ROOT)}")
    missed = report.missed(measurements)
    if missed:
        say(f"over the target: {', '.join(missed)}")
    return 1 if missed and keep else 0


_VERSIONS = """
import platform
from odoo.release import version
env.cr.execute("SHOW server_version")
result = {
    "Odoo": version,
    "Python": platform.python_version(),
    "PostgreSQL": env.cr.fetchone()[0].split()[0],
}
"""


def _check_durable(workbench: Workbench) -> None:
    """Refuse a server that answers before the commit is on the disk; matters for a developer's own one."""
    for name in DURABILITY:
        [[value]] = workbench.databases.query(f"SHOW {name}")
        if value != "on":
            raise DevError(f"PostgreSQL runs with {name} = {value}; only a durable one is measured")


def _postgresql_pid(workbench: Workbench) -> int:
    # whoever started the checkpointer started all of them
    [[pid]] = workbench.databases.query(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    )
    return parent_of(pid)
