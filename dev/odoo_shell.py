"""Runs pieces of Python inside an Odoo database.

One process per database, kept open, so that each piece takes milliseconds.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

from .odoo_process import Odoo
from .settings import DevError

CHILD = Path(__file__).with_name("odoo_shell_child.py")


class OdooShell:
    """An Odoo without HTTP. Use as a context manager, or call `close()`."""

    def __init__(self, odoo: Odoo, database: str, log: Path) -> None:
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [str(odoo.python.python), str(CHILD), *odoo.arguments(database), "--no-http"],
                env=odoo.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    def run(self, code: str, **values: Any) -> Any:
        """Run `code` with `env` (superuser) and `values`, then commit.

        `code` may set `result` to something JSON can carry; it is returned (dates as text). Raises DevError with the
        traceback if the code fails; nothing is committed then.
        """
        try:
            self._process.stdin.write(json.dumps({"code": code, "values": values}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the child has ended; the empty answer below says so
        line = self._process.stdout.readline()
        if not line:
            raise DevError(f"the Odoo shell has ended; see {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            raise DevError(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def __enter__(self) -> "OdooShell":
        return self

    def __exit__(self, *details: object) -> None:
        self.close()
