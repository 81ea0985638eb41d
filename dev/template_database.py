"""Template databases: modules installed and web assets built once, then copied in less than a second."""

import hashlib
import os
from pathlib import Path

from .console import run, step
from .locks import exclusive, open_lock, shared, try_exclusive
from .odoo_process import Odoo
from .odoo_shell import OdooShell
from .settings import DevError

# what the add-on depends on; everything Odoo installs along with them comes too
BASE_MODULES = frozenset({"base", "base_setup", "web", "mail", "portal", "auth_signup"})
KEPT = 12  # templates of older states of the add-ons go away
BUILD_ASSETS = "env['ir.qweb']._pregenerate_assets_bundles()"


class Templates:
    """The template databases of one Odoo, made when first asked for."""

    def __init__(self, odoo: Odoo, cache: Path) -> None:
        self.odoo = odoo
        self.databases = odoo.databases
        self.locks = cache / "locks"
        self.logs = cache / "logs"

    def clone(self, target: str, modules: frozenset[str] = frozenset()) -> None:
        """Create database `target` with the base modules and `modules` installed."""
        with shared(self.locks / "templates"):
            self.databases.clone(self._template(modules), target)

    def _template(self, modules: frozenset[str]) -> str:
        extra = modules - BASE_MODULES
        name = f"template_{self._digest(extra)}"
        with exclusive(self.locks / name):
            if not self.databases.exists(name):
                self._make(name, extra)
            (self.databases.data_dir(name) / "last-used").touch()
        return name

    def _digest(self, extra: frozenset[str]) -> str:
        parts = [self.odoo.key, *sorted(BASE_MODULES), *sorted(extra)]
        own = {module: folder for module in extra if (folder := self._own_folder(module))}
        if own:
            # an add-on may depend on another one of ours, so all of them count
            parts += [content_digest(folder) for folder in sorted(self._own_folders())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    def _own_folders(self) -> list[Path]:
        return [
            manifest.parent
            for path in self._own_paths()
            for manifest in path.glob("*/__manifest__.py")
        ]

    def _own_paths(self) -> list[Path]:
        return [
            path
            for path in self.odoo.addons_paths
            if not path.is_relative_to(self.odoo.source.root)
        ]

    def _own_folder(self, module: str) -> Path | None:
        return next((folder for folder in self._own_folders() if folder.name == module), None)

    def _make(self, name: str, extra: frozenset[str]) -> None:
        title = "template database" + (f" with {', '.join(sorted(extra))}" if extra else "")
        base = self._template(frozenset()) if extra else None
        unfinished = f"unfinished_{name}"
        self.databases.drop(unfinished)
        self.databases.drop(name)
        with step(title):
            if base:
                self.databases.clone(base, unfinished)
            log = self.logs / f"{name}.log"
            install(self.odoo, unfinished, extra or BASE_MODULES, log)
            with OdooShell(self.odoo, unfinished, log) as shell:
                shell.run(BUILD_ASSETS)
            self.databases.rename(unfinished, name)

    def prune(self) -> None:
        """Remove the templates not used for longest, unless somebody is using one just now."""
        names = [name for name in self.databases.names() if name.startswith("template_")]
        marks = {name: self.databases.data_dir(name) / "last-used" for name in names}
        by_age = sorted(
            names, key=lambda name: marks[name].stat().st_mtime if marks[name].exists() else 0
        )
        handle = open_lock(self.locks / "templates")
        try:
            for name in by_age[:-KEPT] if try_exclusive(handle) else []:
                self.databases.drop(name)
        finally:
            os.close(handle)


def install(odoo: Odoo, database: str, modules: frozenset[str], log: Path, *options: str) -> None:
    """Install modules and end; creates the database if it is not there. Raises DevError if Odoo fails."""
    names = ",".join(sorted(modules))
    arguments = odoo.arguments(database)
    run(
        odoo.command(*arguments, "--no-http", "--stop-after-init", f"--init={names}", *options),
        log,
        env=odoo.environment(),
    )
    missing = "SELECT name FROM ir_module_module WHERE name = ANY(%s) AND state <> 'installed'"
    left = odoo.databases.query(missing, sorted(modules), database=database)
    if left:
        raise DevError(f"not installed: {', '.join(row[0] for row in left)}; see {log}")


def content_digest(folder: Path) -> str:
    """A digest of all files of a folder, by name and content; compiled Python aside."""
    digest = hashlib.sha256(folder.name.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(folder)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
