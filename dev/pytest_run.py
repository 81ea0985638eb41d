"""Runs pytest on one folder and counts its results from the report it writes, not from its words."""

import json
import os
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .console import say
from .results import Results
from .settings import ADDON, ROOT

NO_TESTS = 5  # pytest's exit code


def run(
    python: Path,
    folder: Path,
    *arguments: str,
    expression: str = "",
    environment: Mapping[str, str] | None = None,
    report: Path | None = None,
) -> Results:
    """Run the tests of a folder (optionally those matching pytest's -k `expression`) with the given Python.

    `report` is where the JUnit file stays, if somebody wants to read it.
    """
    if not folder.is_dir():
        say(f"  no {folder.name}/ yet")
        return Results()
    with tempfile.TemporaryDirectory() as scratch:
        report = report or Path(scratch) / "report.xml"
        command = [str(python), "-m", "pytest", str(folder), f"--junitxml={report}", *arguments]
        if expression:
            command += ["-k", expression]
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
        ).returncode
        results = _count(report)
    if code not in (0, NO_TESTS) and not results.failed:
        return results + Results(failed=1)  # pytest itself broke, for instance while collecting
    return results


def lines_of_plugin(
    python: Path, folder: Path, plugin: str, option: str, *arguments: str
) -> list[dict[str, Any]]:
    """Have a plugin of ours play the tests of a folder in its own way; returns the lines of JSON that it reports.

    `option` is how it learns where to; no test runs in the process of pytest itself, so its exit code says nothing.
    """
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.jsonl"
        command = [str(python), "-m", "pytest", str(folder), "-p", plugin, option, str(report)]
        # The plugin reads the core before pytest has read where it is.
        paths = os.pathsep.join(map(str, (ROOT, ROOT / ADDON)))
        subprocess.run(
            [*command, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return [json.loads(line) for line in report.read_text().splitlines()]


def _count(report: Path) -> Results:
    if not report.exists():
        return Results()
    total = failed = skipped = 0
    for suite in ET.parse(report).iter("testsuite"):
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Results(max(0, total - failed - skipped), failed, skipped)
