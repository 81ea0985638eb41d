"""Puts the result into words: a table for the console and for docs/performance.md."""

import os
import platform
from pathlib import Path

from dev.settings import ROOT

from .contents import LIVE_TOKENS
from .measurement import Measurement, Plan

PAGE = ROOT / "docs/performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADER = (
    "| Route | requests/s | CPU per request | of it Odoo | PostgreSQL | × empty route | rounds | target |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


def table(measurements: list[Measurement]) -> str:
    """A row per route; ratios are of processor time, to the first route."""
    return "\n".join(
        [HEADER, *(_row(measurement, measurements[0]) for measurement in measurements)]
    )


def _row(measurement: Measurement, empty: Measurement) -> str:
    total, target = measurement.total, measurement.route.target
    ratios = sorted(
        cost.processor / base.processor
        for cost, base in zip(measurement.rounds, empty.rounds, strict=True)
    )
    ratio = total.processor / empty.total.processor
    parts = (
        measurement.route.title,
        f"{total.requests / total.clock:.0f}",
        _milliseconds(total.processor),
        _milliseconds(total.odoo / total.requests),
        _milliseconds(total.postgresql / total.requests),
        f"**{ratio:.2f}**",
        f"{ratios[0]:.2f}–{ratios[-1]:.2f}",
        "" if target is None else f"≤ {target}",
    )
    return f"| {' | '.join(parts)} |"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def missed(measurements: list[Measurement]) -> list[str]:
    """The routes that cost more than they may."""
    empty = measurements[0].total.processor
    return [
        measurement.route.title
        for measurement in measurements
        if measurement.route.target
        and measurement.total.processor / empty > measurement.route.target
    ]


def facts(plan: Plan, versions: dict[str, str], workers: int, load: float) -> str:
    """What one must know to judge the numbers; `load`: the load average before the start."""
    return "\n".join(
        (
            f"- {os.cpu_count()} cores ({platform.machine()}), shared with PostgreSQL and the load generator; "
            f"load average before the start: {load:.1f}",
            "- " + ", ".join(f"{name} {version}" for name, version in versions.items()),
            f"- {workers} workers; commits are durable: `fsync`, `full_page_writes` and `synchronous_commit` on",
            f"- {LIVE_TOKENS:,} live access tokens, audit events on",
            f"- {plan.rounds} rounds of {plan.requests} requests per route, {plan.threads} at a time",
        )
    )


def write(measured_facts: str, measured_table: str) -> Path:
    """Replace the measured part of docs/performance.md; the text around it is written by people."""
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{measured_facts}\n\n{measured_table}\n{END}{after}")
    return PAGE
