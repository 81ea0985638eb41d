"""Puts the result into words: tables for the console and for docs/performance.md."""

import os
import platform

from .measurement import Measurement, Plan
from .routes import PLAIN_REFRESH, REFRESH

HEADER = (
    "| Route | requests/s | CPU per request | of it Odoo | PostgreSQL | × empty JSON route | rounds | target | |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---|"
)


def table(measurements: list[Measurement]) -> str:
    """A row per route; ratios are of processor time, to the first route."""
    rows = [_row(measurement, measurements[0]) for measurement in measurements]
    return "\n".join([HEADER, *rows, "", _id_token(measurements)])


def _row(measurement: Measurement, empty: Measurement) -> str:
    target = measurement.route.target
    ratios = measurement.ratios(empty)
    verdict = "" if target is None else "missed" if _misses(measurement, empty) else "met"
    parts = (
        measurement.route.title,
        f"{measurement.per_second:.0f}",
        milliseconds(measurement.processor),
        milliseconds(measurement.server),
        milliseconds(measurement.postgresql),
        f"**{measurement.ratio(empty):.2f}**",
        f"{ratios[0]:.2f}–{ratios[-1]:.2f}",
        "" if target is None else f"≤ {target}",
        verdict,
    )
    return f"| {' | '.join(parts)} |"


def _misses(measurement: Measurement, empty: Measurement) -> bool:
    target = measurement.route.target
    return target is not None and measurement.ratio(empty) > target


def _id_token(measurements: list[Measurement]) -> str:
    with_it, without = (
        next(each for each in measurements if each.route is route)
        for route in (REFRESH, PLAIN_REFRESH)
    )
    extra = with_it.processor - without.processor
    return f"An ID token costs {milliseconds(extra)} more."


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def missed(measurements: list[Measurement]) -> list[str]:
    """The routes that cost more than they may."""
    empty = measurements[0]
    return [each.route.title for each in measurements if _misses(each, empty)]


def machine(versions: dict[str, str], workers: int, load: float) -> list[str]:
    """What one must know to judge the numbers; `load`: the load average before the start."""
    return [
        f"- {os.cpu_count()} cores ({platform.machine()}), shared with PostgreSQL and the load generator; "
        f"load average before the start: {load:.1f}",
        "- " + ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"- {workers} workers; commits are durable: `fsync`, `full_page_writes` and `synchronous_commit` on; "
        "audit events on",
    ]


def work(plan: Plan, live: str) -> str:
    return (
        f"- {live} live access tokens; {plan.rounds} rounds of {plan.requests} requests per route, "
        f"{plan.threads} at a time; medians of the rounds"
    )
