"""Runs the tests of the protocol core, in Odoo's Python environment but without Odoo."""

from pathlib import Path

from . import pytest_run
from .python_environment import for_core_tests
from .results import Results
from .settings import ROOT, Settings


def run(chosen: Settings, expression: str = "", report: Path | None = None) -> Results:
    """Run tests/ with pytest."""
    return pytest_run.run(
        for_core_tests(chosen).python,
        ROOT / "tests",
        "--quiet",
        "-W",
        "error",
        expression=expression,
        report=report,
    )
