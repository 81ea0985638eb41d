"""Runs the end-to-end tests: pytest in the tools' environment, with Odoo and the browser at hand."""

import os
from collections.abc import Iterable
from pathlib import Path

from . import (
    browser,
    debian_programs,
    node_environment,
    oca_addons,
    odoo_source,
    pytest_run,
    tls_authority,
)
from .python_environment import for_odoo, for_tools
from .results import Results
from .settings import ROOT, Settings

# A test waits for its servers most of the time. A file stays in one process, with the systems that it starts.
_TWO_AT_ONCE = ("--numprocesses=2", "--dist=loadfile")


def prepare(chosen: Settings) -> None:
    """Fetch what takes long before any test waits for it, so that it shows."""
    odoo_source.locate(chosen)
    python = for_odoo(chosen)
    for_tools(chosen)
    browser.find_or_install(chosen.cache)
    tls_authority.locate(chosen)
    for programs in debian_programs.SETS:
        debian_programs.locate(chosen, programs)
    node_environment.locate(chosen)
    oca_addons.fetch(chosen, python)


def run(
    chosen: Settings, expression: str = "", report: Path | None = None, options: Iterable[str] = ()
) -> Results:
    """Run e2e/ with pytest; `options` are those of e2e/conftest.py, about how servers are started."""
    prepare(chosen)
    return pytest_run.run(
        for_tools(chosen).python,
        ROOT / "e2e",
        *([] if expression else _TWO_AT_ONCE),
        *options,
        expression=expression,
        environment={**os.environ, "PYTHONPATH": str(ROOT), "ODOO_DEPS": chosen.odoo_deps},
        report=report,
    )
