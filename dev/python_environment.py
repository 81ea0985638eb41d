"""The Python that runs Odoo, and the one that holds linters, builders and test clients: two venvs in the cache."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .console import run, step
from .locks import exclusive
from .settings import ROOT, DevError, Settings

REQUIREMENTS = ROOT / "dev/requirements"
SUPPORTED = ((3, 10), (3, 13))  # what Odoo 19 itself supports


@dataclass(frozen=True)
class PythonEnvironment:
    """A Python program with packages; `key` changes with them."""

    python: Path
    key: str

    def program(self, name: str) -> Path:
        """A program that one of the packages installed."""
        return self.python.parent / name


def for_odoo(settings: Settings) -> PythonEnvironment:
    """Odoo's requirements (pinned or newest), the add-on's and those of the core tests."""
    if settings.odoo_python:
        return PythonEnvironment(settings.odoo_python, _fingerprint(settings.odoo_python))
    return _venv(settings, settings.odoo_deps, (settings.odoo_deps, "addon", "core-tests"))


def for_core_tests(settings: Settings) -> PythonEnvironment:
    """Odoo's environment, unless it is the developer's own, into which nothing is installed."""
    return for_tools(settings) if settings.odoo_python else for_odoo(settings)


def for_tools(settings: Settings) -> PythonEnvironment:
    """Linters, builders, Playwright and other clients."""
    return _venv(settings, "tools", ("tools",))


def for_fuzzing(settings: Settings) -> PythonEnvironment:
    """Schemathesis, which asks for newer libraries than the others bear."""
    return _venv(settings, "fuzz", ("fuzz",))


def for_mutants(settings: Settings) -> PythonEnvironment:
    """mutmut, with what the core and its tests need."""
    return _venv(settings, "mutants", ("mutants",))


def for_node(settings: Settings) -> PythonEnvironment:
    """Node.js and npm, which PyPI has as a wheel."""
    return _venv(settings, "node", ("node",))


def from_list(settings: Settings, name: str, file: Path) -> PythonEnvironment:
    """What a list of requirements anywhere in the repository asks for, in a venv of its own."""
    return _environment(settings, name, [file])


def _fingerprint(python: Path) -> str:
    frozen = subprocess.run(
        [str(python), "-m", "pip", "freeze"], capture_output=True, check=False
    ).stdout
    return hashlib.sha256(str(python).encode() + frozen).hexdigest()[:12]


def _venv(settings: Settings, name: str, lists: tuple[str, ...]) -> PythonEnvironment:
    return _environment(settings, name, [REQUIREMENTS / f"{part}.txt" for part in lists])


def _environment(settings: Settings, name: str, files: list[Path]) -> PythonEnvironment:
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        raise DevError(f"Odoo 19 needs Python 3.10 to 3.13; this is {sys.version.split()[0]}")
    cache.claim(settings.cache)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
    folder = settings.cache / f"python-{version}-{name}-{digest}"
    environment = PythonEnvironment(folder / "bin/python", folder.name)
    with exclusive(settings.cache / "locks" / folder.name):
        if not (folder / "complete").exists():
            with step(f"install Python packages ({name})"):
                _create(folder, files, settings.cache / "logs")
    return environment


def _create(folder: Path, files: list[Path], logs: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", folder], logs / f"{folder.name}-venv.log")
    pip = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, *(part for file in files for part in ("-r", file))],
        logs / f"{folder.name}-pip.log",
    )
    (folder / "complete").touch()
