"""Databases with their files: created by copying a template, dropped together."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .settings import DevError

NAME = re.compile(r"[a-z][a-z0-9_]*")
RUN = re.compile(r"run_(\d+)_.*")

# runs in Odoo's Python, which has psycopg2; a developer's machine need not have psql
QUERY = """
import json, psycopg2, sys
job = json.load(sys.stdin)
connection = psycopg2.connect(dbname=job["database"])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(job["statement"], job["parameters"])
json.dump(cursor.fetchall() if cursor.description else [], sys.stdout, default=str)
"""


@dataclass(frozen=True)
class Databases:
    """The databases of one PostgreSQL server, and the folders of their attachments and sessions."""

    python: Path
    pg_variables: Mapping[str, str]
    folder: Path

    def query(
        self, statement: str, *parameters: Any, database: str = "postgres"
    ) -> list[list[Any]]:
        """Run one SQL statement, committed at once; returns its rows (dates as text)."""
        job = {"database": database, "statement": statement, "parameters": parameters or None}
        done = subprocess.run(
            [self.python, "-c", QUERY],
            input=json.dumps(job),
            env={**os.environ, **self.pg_variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DevError(f"{statement}: {done.stderr.strip().splitlines()[-1]}")
        return json.loads(done.stdout)

    def names(self) -> set[str]:
        """All databases of the server."""
        return {row[0] for row in self.query("SELECT datname FROM pg_database")}

    def data_dir(self, name: str) -> Path:
        """Odoo's data folder of a database: each has its own, so that sessions do not mix."""
        return self.folder / name

    def exists(self, name: str) -> bool:
        """Whether database and folder are there."""
        return name in self.names() and self.data_dir(name).is_dir()

    def clone(self, source: str, target: str) -> None:
        """Copy a database that nobody is connected to; its files are linked, since Odoo never changes one."""
        if not NAME.fullmatch(target):
            raise DevError(f"{target}: a database name is made of a-z, 0-9 and _")
        self.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        files = self.data_dir(source) / "filestore" / source
        if files.is_dir():
            shutil.copytree(files, self._filestore(target), copy_function=os.link)
        self.data_dir(target).mkdir(parents=True, exist_ok=True)

    def rename(self, source: str, target: str) -> None:
        """Give a database that nobody is connected to another name."""
        shutil.rmtree(self.data_dir(target), ignore_errors=True)
        if (self.data_dir(source) / "filestore" / source).is_dir():
            self._filestore(target).parent.mkdir(parents=True)
            (self.data_dir(source) / "filestore" / source).rename(self._filestore(target))
        self.data_dir(target).mkdir(parents=True, exist_ok=True)
        self.query(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
        shutil.rmtree(self.data_dir(source), ignore_errors=True)

    def drop(self, name: str) -> None:
        """Remove a database with its files, also while somebody is connected."""
        self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.data_dir(name), ignore_errors=True)

    def drop_orphans(self) -> None:
        """Remove what runs that were killed have left."""
        for name in self.names():
            found = RUN.fullmatch(name)
            if found and not _alive(int(found[1])):
                self.drop(name)

    def _filestore(self, name: str) -> Path:
        return self.data_dir(name) / "filestore" / name


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
