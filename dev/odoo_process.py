"""How an Odoo process is called: command line and environment, common to tests, servers and shells."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .databases import Databases
from .odoo_source import OdooSource
from .python_environment import PythonEnvironment

LAUNCHER = Path(__file__).with_name("odoo_launcher.py")


@dataclass(frozen=True)
class Odoo:
    """One Odoo source, run by one Python, against one PostgreSQL server.

    `libraries`: a folder of further Python packages.
    """

    source: OdooSource
    python: PythonEnvironment
    databases: Databases
    addons_paths: tuple[Path, ...]
    libraries: Path | None = None
    launcher: tuple[str, ...] = ()  # another than the usual one, with arguments of its own

    @property
    def key(self) -> str:
        """Changes with whatever makes a database different."""
        return f"{self.source.key} {self.python.key}"

    def arguments(self, database: str) -> list[str]:
        """Odoo's options for a database that is alone in its server."""
        return [
            f"--database={database}",
            f"--db-filter=^{database}$",
            "--no-database-list",
            "--addons-path=" + ",".join(map(str, self.addons_paths)),
            f"--data-dir={self.databases.data_dir(database)}",
            "--max-cron-threads=0",
        ]

    def command(self, *arguments: str) -> list[str]:
        """The program with its arguments."""
        return [str(self.python.python), *(self.launcher or (str(LAUNCHER),)), *arguments]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The process's variables: none of the developer's own Odoo or PostgreSQL settings leaks in."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ODOO_", "PG", "PYTHON"))
        }
        return {
            **inherited,
            **self.databases.pg_variables,
            "PYTHONPATH": os.pathsep.join(
                str(path) for path in (self.source.root, self.libraries) if path
            ),
            "PYTHONUNBUFFERED": "1",
            "ODOO_RC": os.devnull,
            **(extra or {}),
        }
