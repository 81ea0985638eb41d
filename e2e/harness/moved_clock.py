"""A server whose clock can be moved while it runs: by an add-on that changes the time of the whole process."""

from pathlib import Path

from dev.odoo_process import Odoo
from dev.settings import ROOT

ADDON = "oauth2_provider_moved_clock"


class MovedClock:
    """`options` and `environment` have a server go by this clock, which starts as the machine's."""

    def __init__(self, odoo: Odoo, folder: Path) -> None:
        self._file = folder / "offset"
        self.move_to(0)
        self.environment = {"OAUTH2_MOVED_CLOCK": str(self._file)}
        paths = ",".join(map(str, (*odoo.addons_paths, ROOT / "e2e/addons")))
        self.options = (f"--addons-path={paths}", f"--load=base,rpc,web,{ADDON}")

    def move_to(self, seconds: int) -> None:
        """Let it be so many seconds after the machine's."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self._file)
