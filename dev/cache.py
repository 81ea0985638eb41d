"""The folder for everything fetched: marked as a cache, so that nothing else is ever taken for one and removed."""

import os
import shutil
from pathlib import Path

from .locks import open_lock, try_exclusive
from .settings import DevError

TAG = "CACHEDIR.TAG"  # known to backup programs, too: bford.info/cachedir
CONTENT = """Signature: 8a477f597d28d172789f06886806bc55
# Everything here is fetched again when it is missing; `make clean` removes it.
"""


def claim(folder: Path) -> None:
    """Create the cache, or check that it is one."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / TAG).exists():
        return
    if any(folder.iterdir()):
        raise DevError(f"{folder} is not empty and not a cache of ours; set OAUTH2_DEV_CACHE")
    (folder / TAG).write_text(CONTENT)


def remove(folder: Path) -> None:
    """Remove the cache; raises DevError if it is none, or in use."""
    if not folder.exists():
        return
    if not (folder / TAG).exists():
        raise DevError(f"{folder} has no {TAG}, so it is not a cache of ours")
    for users in folder.glob("postgresql-*.users"):
        handle = open_lock(users)
        free = try_exclusive(handle)
        os.close(handle)
        if not free:
            raise DevError(f"{folder} is in use: another run has not ended")
    shutil.rmtree(folder)
