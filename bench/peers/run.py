"""`make bench ARGS=--peers`: the same requests to ours and to other providers, in turns, on one PostgreSQL."""

import contextlib
import os

from dev.console import say, step
from dev.measured_page import PERFORMANCE, write_result
from dev.settings import ADDON
from dev.workbench import Workbench

from .. import contents, report
from ..measurement import Measurement, Plan, generator
from ..run import VERSIONS, WORKERS, YARDSTICK, durable_workbench, start
from .check import check
from .routes import OURS, TITLES
from .servers import LIVE_TOKENS, Peer, django_oauth_toolkit, node_oidc_provider

# A password hash takes thousands of times what is measured beside it, so few requests tell enough.
FULL, FULL_HASHED = Plan(rounds=6, requests=150), Plan(rounds=6, requests=8, warm_up=4)
QUICK, QUICK_HASHED = Plan(rounds=2, requests=20, warm_up=10), Plan(2, requests=4, warm_up=2)
Results = list[dict[str, Measurement]]


def run(*, quick: bool) -> int:
    """Measure, print the table and (unless `quick`) write it to docs/performance.md; returns the exit code."""
    load = os.getloadavg()[0]
    plan, hashed = (QUICK, QUICK_HASHED) if quick else (FULL, FULL_HASHED)
    with durable_workbench() as workbench, contextlib.ExitStack() as running:
        ours, versions = _ours(workbench, plan)
        peers = [ours, *map(running.enter_context, _others(workbench, plan, hashed))]
        for peer in peers:
            check(peer.name, peer.server, peer.routes, peer.plan.total + 1)
        with step(f"measure {plan.rounds} rounds of {plan.requests} requests"):
            results = _measure(peers)
    for peer in peers[1:]:
        versions |= peer.server.contents.made["versions"]
    facts = [*report.machine(versions, WORKERS, load), _work(plan, hashed)]
    text = "\n".join([*facts, "", *_table(peers, results)])
    say(f"\n{text}\n")
    if not quick:
        say(f"written to {write_result(PERFORMANCE, 'peers', text)}")
    return 0


def _others(
    workbench: Workbench, plan: Plan, hashed: Plan
) -> list[contextlib.AbstractContextManager[Peer]]:
    toolkit = "django-oauth-toolkit"
    in_clear = f"{toolkit}, secrets in clear"
    return [
        django_oauth_toolkit(workbench, toolkit, hashed, hash_client_secret=True),
        django_oauth_toolkit(workbench, in_clear, plan, hash_client_secret=False),
        node_oidc_provider(workbench, "node-oidc-provider", plan),
    ]


def _ours(workbench: Workbench, plan: Plan) -> tuple[Peer, dict[str, str]]:
    """The provider of this repository, and the versions it runs on."""
    database = workbench.create_database("peers", [ADDON, YARDSTICK])
    with step("put tokens into ours"), workbench.shell(database) as shell:
        put_in = contents.fill(
            shell, workbench.databases, database, live=LIVE_TOKENS, redeemed=plan.total + 1
        )
        contents.settle(workbench.databases, database)
        versions = shell.run(VERSIONS)
    return Peer("ours", start(workbench, database, put_in), OURS, plan), versions


def _measure(peers: list[Peer]) -> Results:
    """Send each route of each provider its requests, round by round; the first round is not counted."""
    results = [{route.title: Measurement(route) for route in peer.routes} for peer in peers]
    numbers = [peer.plan.numbers() for peer in peers]
    turns = [
        (number, title, index)
        for number in range(len(numbers[0]))
        for title in TITLES
        for index in range(len(peers))
        if title in results[index]
    ]
    with generator() as process:
        for number, title, index in turns:
            peer, measurement = peers[index], results[index][title]
            requests = [
                measurement.route.request(peer.server.contents, each)
                for each in numbers[index][number]
            ]
            cost = process.cost(peer.server, requests, peer.plan.threads)
            if number:
                measurement.rounds.append(cost)
    return results


def _table(peers: list[Peer], results: Results) -> list[str]:
    rows = [
        "| Route | Provider | requests/s | CPU per request | of it its processes | PostgreSQL | × ours |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for title in TITLES:
        base = results[0][title]
        for peer, measured in zip(peers, results, strict=True):
            if title in measured:
                rows.append(_row(title if peer is peers[0] else "", peer, measured[title], base))
    return rows


def _row(title: str, peer: Peer, measurement: Measurement, base: Measurement) -> str:
    parts = (
        title,
        peer.name,
        f"{measurement.per_second:.0f}",
        report.milliseconds(measurement.processor),
        report.milliseconds(measurement.server),
        report.milliseconds(measurement.postgresql),
        f"**{measurement.ratio(base):.2f}**",
    )
    return f"| {' | '.join(parts)} |"


def _work(plan: Plan, hashed: Plan) -> str:
    work = report.work(plan, f"{LIVE_TOKENS:,}")
    return f"{work}; of {hashed.requests} requests where secrets are hashed by PBKDF2"
