"""Apache's mod_auth_openidc: pages that a web server shows to whoever has logged in at the provider."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from dev.apache import Apache
from dev.workbench import Workbench
from e2e.harness.applications import create_application
from e2e.harness.browsing import decide, fill_login
from e2e.harness.mailbox import Mailbox
from e2e.harness.people import Person, subject_of
from e2e.harness.systems import System, Systems
from e2e.harness.visitors import TIMEOUT

DIRECTIVES = """
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCSSLValidateServer On
OIDCCABundlePath {authority}
OIDCClientID {client_id}
OIDCClientSecret {secret}
OIDCRedirectURI {url}/protected/callback
OIDCCryptoPassphrase some-passphrase
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCResponseType "{response_type}"
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRefreshAccessTokenBeforeExpiry 1000000
OIDCSessionInactivityTimeout 600
<Location /protected>
    AuthType openid-connect
    Require valid-user
    Header always set Cache-Control no-store
    Header always set X-Subject "%{{OIDC_CLAIM_sub}}e"
    Header always set X-Name "%{{OIDC_CLAIM_name}}e"
    Header always set X-Access-Token "%{{OIDC_access_token}}e"
</Location>
"""


@pytest.fixture(scope="module")
def tls_provider(systems: Systems, mailbox: Mailbox) -> Iterator[System]:
    """A provider of its own, at which no application was ever set to EdDSA: its keys are none for Apache."""
    system = systems.start_provider("apache", tls=True, options=mailbox.odoo_options)
    yield system
    systems.stop(system)


@pytest.fixture(params=["code", "code id_token", "id_token"])
def apache(
    workbench: Workbench, tls_provider: System, request: pytest.FixtureRequest
) -> Iterator[Apache]:
    made = Apache(workbench)
    application = create_application(
        tls_provider,
        f"{made.url}/protected/callback",
        security_profile="oidc",
        use_refresh_token=request.param != "id_token",
        use_implicit=request.param == "id_token",
        use_hybrid=request.param == "code id_token",
        post_logout_redirect_uri_ids=[(0, 0, {"uri": f"{made.url}/goodbye.html"})],
    )
    made.start(
        DIRECTIVES.format(
            issuer=tls_provider.url,
            authority=made.authority,
            client_id=application.identifier,
            secret=application.secret,
            url=made.url,
            response_type=request.param,
        )
    )
    (made.pages / "goodbye.html").write_text("<h1>Goodbye</h1>")
    (made.pages / "protected").mkdir()
    (made.pages / "protected/index.html").write_text("<h1>For members</h1>")
    yield made
    made.stop()


def test_mod_auth_openidc(tls_provider: System, apache: Apache, person: Person, page: Page) -> None:
    page.goto(f"{apache.url}/protected/index.html")
    fill_login(page, person)
    decide(page, "allow")
    expect(page.get_by_role("heading")).to_have_text("For members", timeout=TIMEOUT)
    response = page.goto(f"{apache.url}/protected/index.html")
    assert response.headers["x-subject"] == subject_of(tls_provider, person), apache.log
    assert response.headers["x-name"] == person.name, apache.log
    goodbye = quote(f"{apache.url}/goodbye.html", safe="")
    page.goto(f"{apache.url}/protected/callback?logout={goodbye}")
    expect(page.get_by_role("heading")).to_have_text("Goodbye", timeout=TIMEOUT)
    page.goto(f"{apache.url}/protected/index.html")
    expect(page.locator("input[name=login]")).to_be_visible(timeout=TIMEOUT)
    # none of the keys that we publish is strange to it
    assert "JWK parsing failed" not in apache.log
