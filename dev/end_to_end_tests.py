"""Runs the end-to-end tests: pytest in the tools' environment, with Odoo and the browser at hand."""

import os
from pathlib import Path

from . import browser, odoo_source, pytest_run
from .python_environment import for_odoo, for_tools
from .results import Results
from .settings import ROOT, Settings


def run(chosen: Settings, expression: str = "", report: Path | None = None) -> Results:
    """Run e2e/ with pytest; what takes long to fetch is fetched before, so that it shows."""
    if (ROOT / "e2e").is_dir():
        odoo_source.locate(chosen)
        for_odoo(chosen)
        browser.find_or_install(chosen.cache)
    return pytest_run.run(
        for_tools(chosen).python,
        ROOT / "e2e",
        expression=expression,
        environment={**os.environ, "PYTHONPATH": str(ROOT)},
        report=report,
    )
