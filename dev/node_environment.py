"""Node.js, and the npm packages that a lock file of the repository asks for, in the cache."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .console import run, step
from .locks import exclusive
from .python_environment import for_node
from .settings import ROOT, Settings

CLIENTS = ROOT / "e2e/clients/node"


@dataclass(frozen=True)
class NodeEnvironment:
    """A Node.js, and the folder whose `node_modules` has the packages."""

    node: Path
    folder: Path


def locate(settings: Settings, sources: Path = CLIENTS) -> NodeEnvironment:
    """The environment in the cache, made now if the lock file in `sources` asks for another."""
    python = for_node(settings)
    names = ("package.json", "package-lock.json")
    digest = hashlib.sha256(b"".join((sources / name).read_bytes() for name in names)).hexdigest()
    folder = settings.cache / f"node-{digest[:8]}"
    with exclusive(settings.cache / "locks" / folder.name):
        if not (folder / "complete").exists():
            with step("install npm packages"):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                for name in names:
                    shutil.copy(sources / name, folder)
                path = f"{python.python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
                run(
                    [python.program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                    settings.cache / f"logs/{folder.name}.log",
                    cwd=folder,
                    env={**os.environ, "PATH": path},
                )
                (folder / "complete").touch()
    return NodeEnvironment(python.program("node"), folder)
