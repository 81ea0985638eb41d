"""Where races take place: a provider with two workers, somebody who is logged in, a web server of applications."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import System, Systems
from e2e.harness.web_site import WebSite

WORKERS = 2
REGISTRATION = "oauth2_provider_registration"


@dataclass(frozen=True)
class Stage:
    """`site` is at https, and the provider may read from it what describes a client."""

    system: System
    browser: HttpBrowser
    site: WebSite


@contextmanager
def opened_stage(systems: Systems) -> Iterator[Stage]:
    """Start all of it; what `systems` has started, its owner stops."""
    system = systems.start_provider(
        "races", [REGISTRATION], workers=WORKERS, options=("--proxy-mode",)
    )
    authority = systems.workbench.authority
    system.parameter("oauth2_provider.outbound_allowed_hosts", "localhost 127.0.0.1")
    system.parameter("oauth2_provider.outbound_ca_bundle", str(authority.certificate))
    system.parameter(f"{REGISTRATION}.documents", "True")
    for limit in ("document_maximum_clients", "document_maximum_clients_of_host"):
        system.parameter(f"{REGISTRATION}.{limit}", "100000")
    browser = HttpBrowser(system)
    browser.log_in(create_person(system))
    site = WebSite(authority)
    try:
        yield Stage(system, browser, site)
    finally:
        site.close()
