"""Fixtures of the attack cases: one person who is logged in, and applications that the tests only use, never change."""

import pytest

from e2e.harness.people import ADMIN, Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.rpc import Call, by_session
from e2e.harness.systems import System


@pytest.fixture(scope="session")
def ada(provider: System) -> Person:
    """An internal user; tests that change a person make their own."""
    return create_person(provider)


@pytest.fixture(scope="session")
def adas_session(provider: System, ada: Person) -> HttpBrowser:
    browser = HttpBrowser(provider)
    browser.log_in(ada)
    return browser


@pytest.fixture
def visitor(adas_session: HttpBrowser) -> HttpBrowser:
    """Ada's browser, logged in at the provider."""
    return adas_session.copy()


@pytest.fixture
def stranger(provider: System) -> HttpBrowser:
    """A browser of somebody who is not logged in."""
    return HttpBrowser(provider)


@pytest.fixture(scope="session")
def call_as_admin(provider: System) -> Call:
    """Calls of an administrator's web client."""
    return by_session(provider, ADMIN)


@pytest.fixture(scope="session")
def web(provider: System) -> RelyingParty:
    """A confidential web application that people need not be asked about; it stays connected."""
    return register(provider, use_refresh_token=True)


@pytest.fixture(scope="session")
def other_web(provider: System) -> RelyingParty:
    """Another one, for what is stolen from the first."""
    return register(provider, "https://other.example/callback", use_refresh_token=True)


@pytest.fixture
def asking(provider: System) -> RelyingParty:
    """A confidential web application for which the consent page is shown; nobody has agreed to it yet."""
    return register(provider, is_trusted=False)


@pytest.fixture(scope="session")
def native(provider: System) -> RelyingParty:
    """A public application on people's computers, with a loopback address."""
    return register(provider, "http://127.0.0.1/callback", application_type="native")


@pytest.fixture(scope="session")
def odoo(provider: System) -> RelyingParty:
    """Another Odoo, which gets its token through the address bar."""
    return register(
        provider, "https://odoo.example/auth_oauth/signin", security_profile="odoo_login"
    )
