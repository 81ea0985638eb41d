"""A server whose clock can be moved while it runs: by an add-on that changes the time of the whole process."""

from pathlib import Path

from dev.odoo_process import Odoo
from dev.settings import ROOT

ADDON = "oauth2_provider_moved_clock"


class MovedClock:
    """`options` and `environment` have a server go by this clock, which starts as the machine's."""

    def __init__(self, odoo: Odoo, folder: Path) -> None:
        self._file = folder / "offset"
        self._clock = self._steady = 0
        self._write()
        self.environment = {"OAUTH2_MOVED_CLOCK": str(self._file)}
        paths = ",".join(map(str, (*odoo.addons_paths, ROOT / "e2e/addons")))
        self.options = (f"--addons-path={paths}", f"--load=base,rpc,web,{ADDON}")

    def let_pass(self, seconds: int) -> None:
        """As if so much time had passed."""
        self._clock += seconds
        self._steady += seconds
        self._write()

    def set_back(self, seconds: int) -> None:
        """As if somebody had set it."""
        self._clock -= seconds
        self._write()

    @property
    def ahead(self) -> int:
        """How many seconds it is ahead of the machine's."""
        return self._clock

    def _write(self) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(f"{self._clock} {self._steady}")
        new.rename(self._file)
