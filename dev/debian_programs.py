"""Programs out of Debian packages, unpacked into the cache: no service is installed, and no root is needed."""

import hashlib
import os
import shutil
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .console import step
from .debian_packages import PackageFetcher, codename, unpack
from .locks import exclusive
from .settings import Settings


@dataclass(frozen=True)
class Programs:
    """An unpacked set of packages; `root` is where `/` would be."""

    root: Path

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables with which a program of the set finds the libraries of the set."""
        folders = [self.root / "usr/lib" / sysconfig.get_config_var("MULTIARCH"), self.root / "lib"]
        libraries = os.pathsep.join(map(str, folders))
        return {**os.environ, "LD_LIBRARY_PATH": libraries, **(extra or {})}


SETS = {
    "nginx": ("nginx",),
    "ldap": ("python3-ldap",),
    "apache": ("apache2-bin", "libapache2-mod-auth-openidc"),
}


def locate(settings: Settings, name: str) -> Programs:
    """A set of packages of this machine's own Debian release, and what it lacks of their dependencies; kept or new."""
    packages = SETS[name]
    cache.claim(settings.cache)
    suite = codename()
    digest = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:8]
    target = settings.cache / f"debian-{suite}-{name}-{digest}"
    with exclusive(settings.cache / "locks" / target.name):
        if not target.exists():
            with step(f"fetch {name} from Debian"):
                _fetch(target, suite, packages)
    return Programs(target)


def _fetch(target: Path, suite: str, packages: tuple[str, ...]) -> None:
    apt, partial = (
        target.with_name(f"{target.name}.apt"),
        target.with_name(f"{target.name}.partial"),
    )
    for folder in (apt, partial):
        shutil.rmtree(folder, ignore_errors=True)
    fetcher = PackageFetcher(apt, (suite,))
    fetcher.update()
    names = [f"{name}/{suite}" for name in packages]
    for package in (*fetcher.download(*names), *fetcher.download_dependencies(*names)):
        unpack(package, partial, _wanted)
    partial.rename(target)
    shutil.rmtree(apt)


def _wanted(name: str) -> bool:
    return not name.startswith(("./usr/share/doc", "./usr/share/man", "./var"))
