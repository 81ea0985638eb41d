"""Installs the add-ons from the zips and from the wheels, as an administrator of an existing Odoo does."""

import ast
import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import dist
from .console import run as run_program
from .console import say, step
from .odoo_process import Odoo
from .odoo_shell import OdooShell
from .python_environment import PythonEnvironment
from .results import Results
from .settings import ADDON, ROOT, DevError, Settings
from .template_database import install
from .workbench import Workbench, opened

NEEDED = ("packaging", "pyjwt")  # what Odoo's own requirements lack
INSTALL = """
from odoo.exceptions import UserError
modules = env["ir.module.module"]
modules.update_list()
try:
    modules.search([("name", "=", addon)]).button_immediate_install()
except UserError as error:
    result = str(error)
    env.cr.rollback()
"""


class Bench:
    """A workbench, the packages, and a folder for the add-ons from the zips."""

    def __init__(self, workbench: Workbench, scratch: Path, packages: list[dist.Package]) -> None:
        self.workbench = workbench
        self.scratch = scratch
        self.packages = packages
        self.stock_paths = tuple(
            path
            for path in workbench.odoo.addons_paths
            if path.is_relative_to(workbench.odoo.source.root)
        )

    def stock_python(self, name: str) -> PythonEnvironment:
        """A copy of Odoo's environment without what the add-on adds to it."""
        original = self.workbench.odoo.python.python.parent.parent
        copy = self.scratch / name
        log = self.scratch / "venv.log"
        run_program([sys.executable, "-m", "venv", "--without-pip", copy], log)
        packages = next((copy / "lib").glob("python3*")) / "site-packages"
        packages.rmdir()
        shutil.copytree(original / packages.relative_to(copy), packages, copy_function=os.link)
        for pattern in ("jwt", "[Pp]y[Jj][Ww][Tt]-*", "packaging", "packaging-*"):
            for added in packages.glob(pattern):
                shutil.rmtree(added)
        return PythonEnvironment(copy / "bin/python", name)

    def odoo(self, python: PythonEnvironment, *more_paths: Path) -> Odoo:
        """The stock Odoo with that Python, and no add-ons but those of `more_paths`."""
        return dataclasses.replace(
            self.workbench.odoo, python=python, addons_paths=(*self.stock_paths, *more_paths)
        )

    def unpacked(self) -> Path:
        """An addons path that holds what the zips hold."""
        target = self.scratch / "addons"
        for package in self.packages:
            with zipfile.ZipFile(package.zipped) as archive:
                archive.extractall(target)
        return target

    def install(self, odoo: Odoo) -> None:
        """Install the add-ons into a fresh database; raises DevError if that fails."""
        database = self.workbench.create_database("dist")
        with OdooShell(odoo, database, self.workbench.logs / "dist-update-list.log") as shell:
            shell.run("env['ir.module.module'].update_list()")
        addons = frozenset(package.addon for package in self.packages)
        install(odoo, database, addons, self.workbench.logs / "dist-install.log")


def missing_dependency_is_refused(bench: Bench) -> None:
    """Without its libraries, Odoo itself refuses, and says what is missing."""
    python = bench.stock_python("python-without")
    odoo = bench.odoo(python, bench.unpacked())
    database = bench.workbench.create_database("dist")
    for library in NEEDED:
        with OdooShell(odoo, database, bench.workbench.logs / "dist-missing.log") as shell:
            refusal = shell.run(INSTALL, addon=ADDON)
        if not refusal or library not in refusal.lower():
            raise DevError(f"expected a refusal that names {library}, got: {refusal}")
        _pip_install(python, library)


def zip_installs(bench: Bench) -> None:
    """The folders in the addons path and one line of pip that brings two libraries and moves none."""
    python = bench.stock_python("python-zip")
    brought = _pip_install(python, *_requirements())
    if brought != set(NEEDED):
        raise DevError(f"pip brought {brought}, not {NEEDED}")
    bench.install(bench.odoo(python, bench.unpacked()))


def wheel_installs(bench: Bench) -> None:
    """The wheels bring themselves and the two libraries, and Odoo finds them without an addons path."""
    python = bench.stock_python("python-wheel")
    brought = _pip_install(python, *(str(package.wheel) for package in bench.packages))
    addons = {f"odoo-addon-{package.addon}".replace("_", "-") for package in bench.packages}
    if brought != {*NEEDED, *addons}:
        raise DevError(f"pip brought {brought}, not the add-ons and {NEEDED}")
    bench.install(bench.odoo(python))


TESTS: tuple[Callable[[Bench], None], ...] = (
    missing_dependency_is_refused,
    zip_installs,
    wheel_installs,
)


def run(chosen: Settings) -> Results:
    """Build all packages and install from each kind; nothing to do as long as there is no add-on."""
    if not (ROOT / ADDON / "__manifest__.py").exists():
        say("  no add-on yet")
        return Results()
    if chosen.odoo_python:
        say("  left out: ODOO_PYTHON is your own, and is not copied")
        return Results()
    results = Results()
    with _bench(chosen) as bench:
        for test in TESTS:
            try:
                with step(test.__name__.replace("_", " ")):
                    test(bench)
                results += Results(passed=1)
            except DevError as error:
                say(str(error))
                results += Results(failed=1)
    return results


@contextlib.contextmanager
def _bench(chosen: Settings) -> Iterator[Bench]:
    packages = dist.build(chosen)
    # beside the cache, so that files can be linked instead of copied
    with opened(chosen) as workbench, tempfile.TemporaryDirectory(dir=chosen.cache) as scratch:
        yield Bench(workbench, Path(scratch), packages)


def _requirements() -> list[str]:
    manifest = ast.literal_eval((ROOT / ADDON / "__manifest__.py").read_text())
    return manifest["external_dependencies"]["python"]


def _pip_install(python: PythonEnvironment, *what: str) -> set[str]:
    pip = [str(python.python), "-m", "pip", "install", "--quiet", "--report", "-", *what]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DevError(done.stderr)
    report = json.loads(done.stdout)
    return {entry["metadata"]["name"].lower().replace("_", "-") for entry in report["install"]}
