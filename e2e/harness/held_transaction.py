"""A transaction that stays open while something else happens."""

import contextlib
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dev.odoo_shell import OdooShell

from .together import wait_until

_HOLD = """
import pathlib, time
env.flush_all()
pathlib.Path(folder, "held").touch()
while not pathlib.Path(folder, "release").exists():
    time.sleep(0.02)
"""


@contextlib.contextmanager
def held(shell: OdooShell, scratch: Path, code: str, **values: Any) -> Iterator["Future[Any]"]:
    """Run code in a transaction that stays open for the block, and is committed after it."""
    folder = scratch / str(uuid.uuid4())
    folder.mkdir()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(shell.run, code + _HOLD, folder=str(folder), **values)
        try:
            wait_until(lambda: running.done() or (folder / "held").exists(), seconds=60)
            assert not running.done(), running.exception()
            yield running
        finally:
            (folder / "release").touch()
        running.result()
