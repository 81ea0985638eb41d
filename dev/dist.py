"""Builds what is handed out: of each add-on a wheel for pip, and a zip with its folder for the addons path."""

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .console import run
from .python_environment import for_tools
from .settings import ROOT, Settings, our_modules

DIST = ROOT / "dist"


@dataclass(frozen=True)
class Package:
    """One add-on in both forms."""

    addon: str
    zipped: Path
    wheel: Path


def build(chosen: Settings) -> list[Package]:
    """Build all add-ons into dist/."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    return [_build(chosen, addon) for addon in our_modules()]


def _build(chosen: Settings, addon: str) -> Package:
    python = for_tools(chosen).python
    before = set(DIST.glob("*.whl"))
    # no isolation: the builder's version is the one that the tools' requirements pin
    command = [python, "-m", "build", "--wheel", "--no-isolation", "--outdir", DIST, ROOT / addon]
    run(command, chosen.cache / f"logs/build-{addon}.log")
    (wheel,) = set(DIST.glob("*.whl")) - before
    return Package(addon, _zip(addon, wheel), wheel)


def _zip(addon: str, wheel: Path) -> Path:
    version = wheel.name.split("-")[1]
    target = DIST / f"{addon}-{version}.zip"
    with (
        zipfile.ZipFile(wheel) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped,
    ):
        for entry in source.infolist():
            if entry.filename.startswith(f"odoo/addons/{addon}/") and not entry.is_dir():
                zipped.writestr(entry.filename.removeprefix("odoo/addons/"), source.read(entry))
    return target
