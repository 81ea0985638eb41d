"""`make test`: every check and every test there is, each part with its own result."""

import time
from collections.abc import Callable

from . import core_tests, dist_tests, end_to_end_tests, fuzz, lint, odoo_tests
from .console import say
from .results import Results
from .settings import Settings, our_modules
from .workbench import opened


def run(chosen: Settings) -> Results:
    """Run all parts, also after one has failed; returns the sum."""
    parts: list[tuple[str, Callable[[], Results]]] = [
        ("lint", lambda: lint.run(chosen)),
        ("core tests", lambda: core_tests.run(chosen)),
        *(
            (f"Odoo tests of {module}", lambda module=module: _odoo(chosen, module))
            for module in our_modules()
        ),
        ("end-to-end tests", lambda: end_to_end_tests.run(chosen)),
        ("fuzzing", lambda: _fuzz(chosen)),
        ("packages", lambda: dist_tests.run(chosen)),
    ]
    total = Results()
    for name, part in parts:
        say(f"== {name}")
        started = time.monotonic()
        results = part()
        say(f"== {name}: {results} ({time.monotonic() - started:.0f} s)\n")
        total += results
    return total


def _fuzz(chosen: Settings) -> Results:
    with opened(chosen) as workbench:
        return fuzz.run(workbench, examples=3, is_short=True)


def _odoo(chosen: Settings, module: str) -> Results:
    with opened(chosen) as workbench:
        return odoo_tests.run(workbench, odoo_tests.OdooTests(module))
