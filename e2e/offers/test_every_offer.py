"""Each value that the metadata offers is used as a client would use it; what has no driver yet fails."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser

from dev.workbench import Workbench
from e2e.harness.people import create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.systems import System
from e2e.harness.visitors import Visitors
from e2e.harness.web_site import WebSite

from . import (  # noqa: F401 (they list themselves)
    authorization_drivers,
    logout_drivers,
    openid_drivers,
    token_drivers,
)
from .drivers import DRIVERS, offers
from .scene import Scene


@pytest.fixture(scope="module")
def scene(tls_provider: System, browser: Browser, workbench: Workbench) -> Iterator[Scene]:
    address = f"{tls_provider.url}/.well-known/openid-configuration"
    tls_provider.parameter("auth_signup.invitation_scope", "b2c")
    tls_provider.parameter("oauth2_provider.outbound_allowed_hosts", "localhost")
    bundle = str(workbench.authority.certificate)
    tls_provider.parameter("oauth2_provider.outbound_ca_bundle", bundle)
    metadata = requests.get(address, timeout=TIMEOUT).json()
    person = create_person(tls_provider)
    own_browser = HttpBrowser(tls_provider)
    own_browser.log_in(person)
    visitors, site = Visitors(browser), WebSite(workbench.authority)
    yield Scene(tls_provider, metadata, person, own_browser, visitors, site)
    visitors.leave()
    site.close()


def test_every_offer_has_a_driver(scene: Scene) -> None:
    assert offers(scene.metadata) - DRIVERS.keys() == set()


@pytest.mark.parametrize(("member", "value"), DRIVERS, ids=lambda part: part or "-")
def test_offer(scene: Scene, member: str, value: str) -> None:
    assert (member, value) in offers(scene.metadata)
    DRIVERS[member, value](scene, value or scene.metadata[member])
