"""Fetches Debian packages by apt into a folder and unpacks them there, without installing anything."""

import os
import pwd
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from .console import run
from .settings import DevError


def codename() -> str:
    """Name of the Debian release that this machine runs."""
    return _os_release().get("VERSION_CODENAME", "")


def mirror() -> str:
    """Address of the Debian mirror this machine is configured for."""
    try:
        output = subprocess.run(
            [
                "apt-get",
                "indextargets",
                "--format",
                "$(REPO_URI) $(RELEASE)",
                "Created-By: Packages",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise DevError(
            "apt-get is needed to fetch Odoo; or set ODOO_PATH to your own checkout"
        ) from error
    for line in output.splitlines():
        address, _, release = line.partition(" ")
        if release == codename():
            return address
    raise DevError(
        f"no package source for Debian {codename() or '(unknown)'} found; or set ODOO_PATH"
    )


def _os_release() -> dict[str, str]:
    lines = Path("/etc/os-release").read_text().splitlines()
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


class PackageFetcher:
    """A private apt state that knows suites other than the machine's own; works for ordinary users too."""

    def __init__(self, folder: Path, suites: tuple[str, ...]) -> None:
        self.folder = folder
        for name in ("state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        address = mirror()
        sources = folder / "sources.list"
        sources.write_text("".join(f"deb {address} {suite} main\n" for suite in suites))
        options = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": folder / "state",
            "Dir::State::Lists": folder / "state/lists",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Dir::Cache": folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
            # a mirror may lag behind; what it holds is signed all the same
            "Acquire::Check-Valid-Until": "false",
            "Acquire::Retries": "3",
            "APT::Update::Post-Invoke::": "",
            "APT::Update::Post-Invoke-Success::": "",
            "APT::Sandbox::User": pwd.getpwuid(os.geteuid()).pw_name,
        }
        self._options = [
            part for name, value in options.items() for part in ("-o", f"{name}={value}")
        ]

    def update(self) -> None:
        """Fetch the indexes; apt checks their signatures."""
        run(["apt-get", *self._options, "update"], self.folder / "update.log")

    def download(self, *packages: str) -> list[Path]:
        """Fetch packages written `name/suite`; returns their files in the same order."""
        target = self.folder / "packages"
        target.mkdir(exist_ok=True)
        run(
            ["apt-get", *self._options, "download", *packages],
            self.folder / "download.log",
            cwd=target,
        )
        return [
            max(target.glob(f"{name.partition('/')[0]}_*.deb"), key=os.path.getmtime)
            for name in packages
        ]

    def download_dependencies(self, *packages: str) -> list[Path]:
        """Fetch what this machine lacks of all that packages written `name/suite` need."""
        command = ["apt-get", *self._options, "-o", "Debug::NoLocking=1", "install", "--yes"]
        run(
            [*command, "--no-install-recommends", "--download-only", *packages],
            self.folder / "dependencies.log",
        )
        return sorted((self.folder / "cache/archives").glob("*.deb"))


def unpack(package: Path, target: Path, wanted: Callable[[str], bool]) -> None:
    """Unpack those files of a package whose path (`./usr/...`) is wanted."""
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as archive,
    ):
        # the package is signed by Debian, and its links lead out of its own folder on purpose
        archive.extraction_filter = staticmethod(lambda member, path: member)
        archive.extractall(target, members=(member for member in archive if wanted(member.name)))
    if process.returncode:
        raise DevError(f"dpkg-deb could not read {package}")
