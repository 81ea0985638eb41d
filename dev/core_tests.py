"""Runs the tests of the protocol core, in Odoo's Python environment but without Odoo.

All of them together must go through every branch of the core (settings in pyproject.toml).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from . import pytest_run
from .python_environment import for_core_tests
from .results import Results
from .settings import ROOT, Settings


def run(
    chosen: Settings,
    expression: str = "",
    report: Path | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Results:
    """Run tests/ with pytest; what they go through is measured only if nothing is left out."""
    coverage = [] if expression else ["--cov", "--cov-config=pyproject.toml"]
    return pytest_run.run(
        for_core_tests(chosen).python,
        ROOT / "tests",
        "--quiet",
        "-W",
        "error",
        *coverage,
        *options,
        expression=expression,
        environment=environment,
        report=report,
    )
