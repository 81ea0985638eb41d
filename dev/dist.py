"""Builds what is handed out: a wheel for pip, and a zip with the add-on's folder for the addons path."""

import shutil
import zipfile
from pathlib import Path

from .console import run
from .python_environment import for_tools
from .settings import ADDON, ROOT, Settings

DIST = ROOT / "dist"
IN_WHEEL = f"odoo/addons/{ADDON}/"


def build(chosen: Settings) -> list[Path]:
    """Build both into dist/; returns the zip and the wheel."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    python = for_tools(chosen).python
    # no isolation: the builder's version is the one that the tools' requirements pin
    command = [python, "-m", "build", "--wheel", "--no-isolation", "--outdir", DIST, ROOT / ADDON]
    run(command, chosen.cache / "logs/build.log")
    wheel = next(DIST.glob("*.whl"))
    return [_zip(wheel), wheel]


def _zip(wheel: Path) -> Path:
    version = wheel.name.split("-")[1]
    target = DIST / f"{ADDON}-{version}.zip"
    with (
        zipfile.ZipFile(wheel) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped,
    ):
        for entry in source.infolist():
            if entry.filename.startswith(IN_WHEEL) and not entry.is_dir():
                zipped.writestr(entry.filename.removeprefix("odoo/addons/"), source.read(entry))
    return target
