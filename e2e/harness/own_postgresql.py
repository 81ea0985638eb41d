"""Odoos on a PostgreSQL of their own, which may be killed."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from dev import odoo_source, postgresql, settings
from dev.settings import ROOT
from dev.workbench import Workbench, opened

from .processes import family_of, kill_at_once, parent_of

ADDONS = ROOT / "e2e/addons"


@dataclass(frozen=True)
class OwnPostgresql:
    """The server of a workbench that nobody else uses."""

    workbench: Workbench

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Kill all of its processes at once, and start it again at the end of the block."""
        # whoever started the checkpointer started all of them
        [[checkpointer]] = self.workbench.databases.query(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
        )
        kill_at_once(family_of(parent_of(checkpointer)))
        try:
            yield
        finally:
            postgresql.start_again(self.workbench.settings)


@contextlib.contextmanager
def opened_for_crashes() -> Iterator[Workbench]:
    """A workbench whose PostgreSQL may be killed, with the add-ons of the tests at hand."""
    chosen = settings.load()
    paths = (*odoo_source.locate(chosen).addons_paths, ADDONS)
    with opened(chosen, paths, own_postgresql=True) as workbench:
        yield workbench
