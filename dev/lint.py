"""Linters and the type checker; each prints its own findings."""

import subprocess

from .console import say
from .python_environment import for_tools
from .results import Results
from .settings import ADDON, ROOT, Settings

# the authors that rule knows are another association's; the text lies in readme/; small files are the rule here
PYLINT_OFF = "--disable=manifest-required-author,missing-readme,consider-merging-classes-inherited"


def run(chosen: Settings) -> Results:
    """Run all checks, also after one has failed; counts only failures, since a check is not a test."""
    tools = for_tools(chosen)
    protocol = ROOT / ADDON / "protocol"
    addons = sorted(manifest.parent for manifest in ROOT.glob("*/__manifest__.py"))
    checks = [
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
    ]
    if protocol.is_dir():
        checks.append(("mypy --strict", ["mypy"]))
    if addons:
        checks.append(
            (
                "pylint-odoo",
                ["pylint", "--rcfile=.pylintrc", PYLINT_OFF, *(folder.name for folder in addons)],
            )
        )
    failed = 0
    for name, (program, *arguments) in checks:
        done = subprocess.run(
            [str(tools.program(program)), *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        say(f"  {'ok' if done.returncode == 0 else 'FAILED'} {name}")
        failed += bool(done.returncode)
    return Results(failed=failed)
