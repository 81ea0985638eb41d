"""The browser of the tours and of the end-to-end tests: Debian's Chromium, or whichever Chrome is there."""

import ctypes
import os
import shutil
from pathlib import Path

from .console import run, step
from .locks import exclusive
from .settings import DevError

# the names under which Odoo looks for it
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find() -> Path | None:
    """The browser in PATH, if any."""
    return next((Path(path) for name in NAMES if (path := shutil.which(name))), None)


def find_or_install(cache: Path) -> Path:
    """The browser; root gets Debian's Chromium, and what drives it, installed where they are missing."""
    with exclusive(cache / "locks/browser"):
        packages = _missing_packages()
        if packages:
            _install(packages, cache / "logs")
    path = find()
    if not path:
        raise DevError("Chromium was installed but is not in PATH")
    return path


def _missing_packages() -> list[str]:
    packages = [] if find() else ["chromium", "fonts-dejavu-core"]
    try:
        ctypes.CDLL("libatomic.so.1")  # Playwright's own Node.js is linked to it
    except OSError:
        packages.append("libatomic1")
    return packages


def _install(packages: list[str], logs: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise DevError(f"needed for the browser tests: sudo apt-get install {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"install {' '.join(packages)}"):
        run(["apt-get", "update"], logs / "apt-update.log", env=environment)
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        run(command, logs / "apt-install.log", env=environment)
