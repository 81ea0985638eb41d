"""Finds or fetches the source of Odoo 19."""

import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .console import say, step
from .debian_packages import PackageFetcher, unpack
from .locks import exclusive
from .settings import ROOT, DevError, Settings

PACKAGE = "odoo-19"
SUITE = "sid"
# sid's own fonts-font-awesome 7 no longer has the files that Odoo links to
FRIENDS_SUITE = "trixie"
FRIENDS = (
    "fonts-font-awesome",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
TESTED_VERSION = "19.0.0+dfsg-1"
TESTED_SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"

LANGUAGES = "pt|pt_BR|es|fr|de|nl|it|ar|zh_CN|hi|tr"
TRANSLATED = "base|web|portal|website|mail|auth_[a-z0-9_]+"
WANTED_TRANSLATION = re.compile(rf".*/addons/({TRANSLATED})/i18n/({LANGUAGES})\.po")
TRANSLATION = re.compile(r".*/i18n(_extra)?/[^/]+\.pot?")
# a partial double of odoo/addons, 70 MB
DOUBLE = "./usr/lib/python3/dist-packages/addons/"

# Debian leaves this file out (it is built by others), but the manifest of `mail` names it, and a missing asset
# is a console error in every page of the back end. It only blurs the background of video calls.
MISSING_ASSET = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo that can be run with `python -m odoo` in `root`."""

    root: Path
    addons_paths: tuple[Path, ...]
    version: str
    key: str  # changes with the source; part of the names of what is built from it


def locate(settings: Settings) -> OdooSource:
    """The developer's own Odoo, else the one in the cache, else a fresh one from Debian."""
    if settings.odoo_path:
        return _own_checkout(settings.odoo_path)
    cache.claim(settings.cache)
    target = settings.cache / "odoo"
    with exclusive(settings.cache / "locks/odoo"):
        if not (target / "stamp").exists():
            _fetch(settings.cache, target)
    root = target / "usr/lib/python3/dist-packages"
    return _source(root, (root / "odoo/addons",), (target / "stamp").read_text())


def _own_checkout(path: Path) -> OdooSource:
    if not (path / "odoo/release.py").exists():
        raise DevError(f"ODOO_PATH={path}: no odoo/release.py in it")
    commit = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    stamp = commit.stdout.strip() or str((path / "odoo/release.py").stat().st_mtime_ns)
    folders = (path / "odoo/addons", path / "addons")
    addons = tuple(folder for folder in folders if any(folder.glob("*/__manifest__.py")))
    return _source(path, addons, f"{path} {stamp}")


def _source(root: Path, addons: tuple[Path, ...], stamp: str) -> OdooSource:
    release = (root / "odoo/release.py").read_text()
    found = re.search(r"^version_info = \((\d+), (\d+)", release, re.MULTILINE)
    version = ".".join(found.groups()) if found else "unknown"
    if version != "19.0":
        raise DevError(f"Odoo 19.0 is needed, {root} is {version}")
    own = (ROOT,) if any(ROOT.glob("*/__manifest__.py")) else ()
    return OdooSource(
        root, (*addons, *own), version, hashlib.sha256(stamp.encode()).hexdigest()[:12]
    )


def _fetch(folder: Path, target: Path) -> None:
    with step("fetch Odoo 19 from Debian"):
        fetcher = PackageFetcher(folder / "apt", (SUITE, FRIENDS_SUITE))
        fetcher.update()
        odoo, *friends = fetcher.download(
            f"{PACKAGE}/{SUITE}", *(f"{name}/{FRIENDS_SUITE}" for name in FRIENDS)
        )
        version = odoo.name.split("_")[1].replace("%3a", ":")
        digest = hashlib.sha256(odoo.read_bytes()).hexdigest()
        if version == TESTED_VERSION and digest != TESTED_SHA256:
            raise DevError(f"{odoo} is not the {TESTED_VERSION} that was tested (SHA-256 {digest})")
    if version != TESTED_VERSION:
        say(f"  NOTE: Debian has Odoo {version} now; {TESTED_VERSION} is what was tested")
    with step("unpack Odoo 19"):
        partial = target.with_name("odoo.partial")
        shutil.rmtree(partial, ignore_errors=True)
        for package in (odoo, *friends):
            unpack(package, partial, _wanted)
        _add_missing_asset(partial / "usr/lib/python3/dist-packages/odoo")
        (partial / "stamp").write_text(f"{version} {digest} {LANGUAGES} {TRANSLATED}\n")
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    shutil.rmtree(folder / "apt")


def _wanted(name: str) -> bool:
    if name.startswith(DOUBLE):
        return False
    return not TRANSLATION.fullmatch(name) or bool(WANTED_TRANSLATION.fullmatch(name))


def _add_missing_asset(odoo: Path) -> None:
    asset = odoo / MISSING_ASSET
    if not asset.exists():
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_text(
            "/* left out by Debian; only used to blur the background of video calls */\n"
        )
