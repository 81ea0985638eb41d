"""Add-ons of others, from PyPI, for an Odoo that plays a client: kept apart from ours and from Odoo itself."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

from .console import run, step
from .locks import exclusive
from .odoo_process import Odoo
from .python_environment import REQUIREMENTS, PythonEnvironment
from .settings import ROOT, Settings


def add(settings: Settings, odoo: Odoo) -> Odoo:
    """The same Odoo with the add-ons and libraries of `dev/requirements/oca-*.txt`, and without ours."""
    folder = fetch(settings, odoo.python)
    return dataclasses.replace(
        odoo,
        addons_paths=(
            *(path for path in odoo.source.addons_paths if path != ROOT),
            folder / "addons/odoo/addons",
        ),
        libraries=folder / "libraries",
    )


def fetch(settings: Settings, python: PythonEnvironment) -> Path:
    """The folder with add-ons and libraries, from the cache or new."""
    # an add-on's package asks for Odoo itself, which PyPI does not have: so without dependencies
    lists = {"addons": ("oca-addons", "--no-deps"), "libraries": ("oca-libraries",)}
    files = [REQUIREMENTS / f"{name}.txt" for name, *_options in lists.values()]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
    target = settings.cache / f"oca-{python.key}-{digest}"
    with exclusive(settings.cache / "locks" / target.name):
        if not target.exists():
            with step("install OCA's add-ons"):
                partial = target.with_name(f"{target.name}.partial")
                shutil.rmtree(partial, ignore_errors=True)
                for name, (requirements, *options) in lists.items():
                    pip = [python.python, "-m", "pip", "install", "--quiet", *options]
                    file = REQUIREMENTS / f"{requirements}.txt"
                    log = settings.cache / f"logs/{requirements}.log"
                    run([*pip, "--target", partial / name, "-r", file], log)
                partial.rename(target)
    return target
