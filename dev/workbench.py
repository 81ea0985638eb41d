"""Everything a run needs, put together: Odoo, Python, PostgreSQL, databases, servers. The way in for tests and demo."""

import contextlib
import functools
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import (
    cache,
    debian_programs,
    odoo_source,
    postgresql,
    python_environment,
    settings,
    tls_authority,
)
from .databases import Databases
from .odoo_process import Odoo
from .odoo_server import OdooServer, free_port, is_free
from .odoo_shell import OdooShell
from .settings import Settings
from .template_database import Templates
from .tls_authority import Authority
from .tls_proxy import TlsProxy


class Workbench:
    """What a run works with; what it created goes away with it. Made by `opened()`."""

    def __init__(self, chosen: Settings, odoo: Odoo) -> None:
        self.settings = chosen
        self.odoo = odoo
        self.databases = odoo.databases
        self.templates = Templates(odoo, chosen.cache)
        self.logs = chosen.cache / "logs"
        self._counter = itertools.count(1)
        self._cleanup = contextlib.ExitStack()

    def create_database(
        self,
        label: str = "",
        modules: Iterable[str] = (),
        *,
        name: str = "",
        odoo: Odoo | None = None,
    ) -> str:
        """A new database with the base modules and `modules`; returns its name.

        Without a `name` it gets one of its own, and is dropped at the end of the run. `odoo`: another than ours.
        """
        target = name or f"run_{os.getpid()}_{next(self._counter)}" + (f"_{label}" if label else "")
        templates = Templates(odoo, self.settings.cache) if odoo else self.templates
        templates.clone(target, frozenset(modules))
        if not name:
            self._cleanup.callback(self.databases.drop, target)
        return target

    def clone_database(self, source: str, label: str = "") -> str:
        """A copy of a database that no server or shell is using; returns its name. Dropped at the end of the run."""
        target = f"run_{os.getpid()}_{next(self._counter)}" + (f"_{label}" if label else "")
        self.databases.clone(source, target)
        self._cleanup.callback(self.databases.drop, target)
        return target

    def start_server(
        self,
        database: str,
        *,
        host: str = "localhost",
        port: int | None = None,
        workers: int = 0,
        options: Iterable[str] = (),
        environment: dict[str, str] | None = None,
        odoo: Odoo | None = None,
        public_url: str = "",
    ) -> OdooServer:
        """Start Odoo on a database and wait until it answers.

        `port`: the one wished for; another is taken if it is not free (see `server.url`). The server is stopped at the
        end of the run, or by `server.stop()`. Two servers of one browser session need different hosts (`localhost`,
        `127.0.0.1`), because cookies do not know ports. `public_url`: what a proxy in front of it is called.
        """
        server = OdooServer(
            odoo or self.odoo,
            database,
            host=host,
            port=port,
            workers=workers,
            options=tuple(options),
            environment=environment or {},
            log=self.logs / f"server-{database}.log",
            public_url=public_url,
        )
        self._cleanup.callback(server.stop)
        server.start()
        return server

    @functools.cached_property
    def authority(self) -> Authority:
        """Who signs the certificates of this machine's servers."""
        return tls_authority.locate(self.settings)

    def start_tls_proxy(self, upstream: int, *, port: int | None = None) -> TlsProxy:
        """Put TLS in front of a port of this machine; `port` as for a server. Stopped at the end of the run."""
        proxy = TlsProxy(
            debian_programs.locate(self.settings, "nginx"),
            self.authority,
            self.logs / f"tls-{os.getpid()}-{upstream}",
            upstream=upstream,
            port=port if port and is_free(port) else free_port(),
            mtls_port=free_port(),
        )
        self._cleanup.callback(proxy.stop)
        proxy.start()
        return proxy

    def start_tls_server(
        self,
        database: str,
        *,
        host: str = "localhost",
        port: int | None = None,
        options: Iterable[str] = (),
        environment: dict[str, str] | None = None,
        **more: Any,
    ) -> tuple[OdooServer, TlsProxy]:
        """The same behind a proxy: `server.url` is https then, and the server trusts our authority.

        `port` is the proxy's. The proxy's second port, `proxy.mtls_port`, takes client certificates.
        """
        upstream = free_port()
        proxy = self.start_tls_proxy(upstream, port=port)
        server = self.start_server(
            database,
            host=host,
            port=upstream,
            options=["--proxy-mode", *options],
            environment={**self.authority.variables, **(environment or {})},
            public_url=f"https://{host}:{proxy.port}",
            **more,
        )
        return server, proxy

    def shell(self, database: str, odoo: Odoo | None = None) -> OdooShell:
        """A process that runs Python inside a database, also beside a running server.

        Use it in a `with` block: it has to end before the database can be cloned.
        """
        return OdooShell(odoo or self.odoo, database, self.logs / f"shell-{database}.log")

    def close(self) -> None:
        """Stop what is running, drop what was created."""
        self._cleanup.close()


@contextlib.contextmanager
def opened(
    chosen: Settings | None = None,
    addons_paths: tuple[Path, ...] | None = None,
    *,
    durable: bool = False,
    own_postgresql: bool = False,
) -> Iterator[Workbench]:
    """Fetch what is missing, start PostgreSQL, and clean up at the end.

    `addons_paths`: instead of this repository's (Odoo's own included). `durable`: PostgreSQL commits to the disk.
    `own_postgresql`: likewise, on a server that this run has for its own and may kill.
    """
    chosen = chosen or settings.load()
    cache.claim(chosen.cache)
    source = odoo_source.locate(chosen)
    python = python_environment.for_odoo(chosen)
    with postgresql.running(chosen, durable=durable, own=own_postgresql) as variables:
        kind = "-own" if own_postgresql else "-durable" if durable else ""
        folder = chosen.cache / f"data{kind}"
        databases = Databases(python.python, variables, folder)
        workbench = Workbench(
            chosen, Odoo(source, python, databases, addons_paths or source.addons_paths)
        )
        databases.drop_orphans()
        workbench.templates.prune()
        try:
            yield workbench
        finally:
            workbench.close()
