"""Running Odoos: a server, its database, and a way to run Python inside it."""

import re
from collections.abc import Iterable
from typing import Any

from dev import two_odoos
from dev.log_check import Record, problems
from dev.odoo_server import OdooServer
from dev.odoo_shell import OdooShell
from dev.tls_proxy import TlsProxy
from dev.workbench import Workbench

ADDON = "oauth2_provider"
STOCK_LOGIN_LOGGER = "odoo.addons.auth_oauth.controllers.main"  # reports every refusal as an error
ADMIN_PASSWORD = "admin-password"
FILE_REQUEST = re.compile(
    r'"GET /(\w+/static|web/assets|web/binary|web/image|website/translations)'
)


class System:
    """One Odoo with its database. Made by `Systems`, which also stops it."""

    def __init__(self, server: OdooServer, shell: OdooShell, proxy: TlsProxy | None = None) -> None:
        self.server = server
        self.shell = shell
        self.proxy = proxy
        self._checked = 0

    @property
    def url(self) -> str:
        """Address without a slash at the end."""
        return self.server.url

    @property
    def mtls_url(self) -> str:
        """Where a system behind TLS takes client certificates."""
        assert self.proxy is not None
        return f"https://{self.server.host}:{self.proxy.mtls_port}"

    @property
    def database(self) -> str:
        """Name of its database."""
        return self.server.database

    def run(self, code: str, **values: Any) -> Any:
        """Run Python with `env` (superuser) and `values` in the database, commit, return what it left in `result`."""
        return self.shell.run(code, **values)

    def parameter(self, key: str, value: str) -> None:
        """Set a system parameter; False removes it."""
        self.run("env['ir.config_parameter'].set_param(key, value)", key=key, value=value)

    def recent_log(self, lines: int = 30) -> str:
        """The end of what the server has logged since the last check, without the files that pages load."""
        fresh = self.server.log_text().splitlines()[self._checked :]
        return "\n".join([line for line in fresh if not FILE_REQUEST.search(line)][-lines:])

    def new_problems(self) -> list[Record]:
        """Warnings and errors that the server has logged since the last call, known ones aside."""
        lines = self.server.log_text().splitlines()
        fresh, self._checked = lines[self._checked :], len(lines)
        return problems(fresh)


class Systems:
    """Starts Odoos and stops them all.

    Each gets `workers` unless it asks for another number, and Odoo's `options` beside its own.
    """

    def __init__(
        self, workbench: Workbench, *, workers: int = 0, options: Iterable[str] = ()
    ) -> None:
        self.workbench = workbench
        self.workers = workers
        self.options = tuple(options)
        self.running: list[System] = []

    def start(
        self, label: str, modules: Iterable[str], *, host: str = "localhost", **options: Any
    ) -> System:
        """Start an Odoo with these modules in a database of its own.

        `host`: systems that one browser visits need different ones, because cookies do not know ports; Chromium also
        resolves any name below `.localhost`. `tls`: behind a proxy, at https. Other `options` go to
        `Workbench.start_server`.
        """
        database = self.workbench.create_database(label, modules)
        return self.adopt(database, label, host=host, **options)

    def adopt(self, database: str, label: str, *, tls: bool = False, **options: Any) -> System:
        """The same for a database that exists already."""
        options.setdefault("workers", self.workers)
        options["options"] = (*self.options, *options.get("options", ()))
        if tls:
            server, proxy = self.workbench.start_tls_server(database, **options)
        else:
            server, proxy = self.workbench.start_server(database, **options), None
        system = System(server, self.workbench.shell(database, options.get("odoo")), proxy)
        self.running.append(system)
        two_odoos.prepare_system(system.shell, system.url, label.capitalize(), ADMIN_PASSWORD)
        return system

    def start_provider(
        self, label: str = "provider", extra_modules: Iterable[str] = (), **options: Any
    ) -> System:
        """Start an Odoo with our add-on, its issuer confirmed."""
        system = self.start(label, [ADDON, *extra_modules], **options)
        two_odoos.confirm_issuer(system.shell, system.url)
        return system

    def stop(self, system: System) -> None:
        """Stop server and shell of a system; its database can be copied then."""
        self.running.remove(system)
        system.shell.close()
        system.server.stop()
        if system.proxy:
            system.proxy.stop()

    def stop_all(self) -> None:
        """Stop every system that is still running."""
        for system in list(self.running):
            self.stop(system)
