"""The result in words and in two plots."""

import os
from pathlib import Path

import pygal
from pygal.style import CleanStyle

from dev.settings import ROOT

from .measurement import Record
from .work import ACTIONS

PLOTS = ROOT / "docs/images"
POINTS = 60
HEADER = (
    "| what | times | median | second quarter | last quarter | ratio "
    "| 95 of 100 below: second quarter | last quarter |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)
SECOND_QUARTER, LAST_QUARTER = (0.25, 0.5), (0.75, 1)


def table(record: Record) -> str:
    """A row for each thing that was done."""
    return "\n".join([HEADER, *(_row(record, action) for action in ACTIONS)])


def _row(record: Record, action: str) -> str:
    medians = [record.typical(action, *part) for part in ((0, 1), SECOND_QUARTER, LAST_QUARTER)]
    slow = [record.slow(action, *part) for part in (SECOND_QUARTER, LAST_QUARTER)]
    cells = [
        action,
        f"{record.counts[action]:,}",
        *map(_milliseconds, medians),
        f"{record.slowing(action):.2f}",
        *map(_milliseconds, slow),
    ]
    return f"| {' | '.join(cells)} |"


def _milliseconds(number: float | None) -> str:
    return f"{number or 0:.0f} ms"


def facts(record: Record, *, people: int, applications: int, workers: int, clients: int) -> str:
    """What one must know to judge the numbers."""
    done = sum(record.counts.values())
    return (
        f"{record.seconds / 60:.0f} minutes, {people} people, {applications} applications, {workers} workers, "
        f"{clients} clients at a time with a pause after each thing, durable commits, {os.cpu_count()} cores shared "
        f"with them: {done:,} things done, "
        f"{len(record.failures)} failures. All processes of Odoo together held {record.held(0.25, 0.5):.0f} MB in the "
        f"second quarter, {record.held(0.75, 1):.0f} MB in the last one."
    )


def draw(record: Record) -> list[Path]:
    """Write the plots; returns their files."""
    return [
        _plot("endurance-memory.svg", "Memory of each process, MB", _memory_lines(record)),
        _plot("endurance-latency.svg", "Median duration, ms", _latency_lines(record)),
    ]


Line = list[tuple[float, float]]


def _memory_lines(record: Record) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    numbers: dict[int, int] = {}
    for when, processes in record.memory:
        for pid, megabytes in processes.items():
            number = numbers.setdefault(pid, len(numbers) + 1)
            lines.setdefault(f"process {number}", []).append((when / 60, megabytes))
    return lines


def _latency_lines(record: Record) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    for action in ACTIONS:
        for point in range(POINTS):
            begin, end = point / POINTS, (point + 1) / POINTS
            typical = record.typical(action, begin, end)
            if typical is not None:
                lines.setdefault(action, []).append((begin * record.seconds / 60, typical))
    return lines


def _plot(name: str, title: str, lines: dict[str, Line]) -> Path:
    # no script in it: the page that shows it may forbid them
    chart = pygal.XY(
        title=title,
        x_title="minutes",
        style=CleanStyle,
        js=[],
        show_dots=False,
        disable_xml_declaration=True,
        include_x_axis=True,
        width=900,
        height=450,
        pretty_print=False,
        no_prefix=True,
    )
    for label, points in lines.items():
        chart.add(label, points)
    file = PLOTS / name
    file.write_bytes(
        chart.render() if isinstance(chart.render(), bytes) else chart.render().encode()
    )
    return file
