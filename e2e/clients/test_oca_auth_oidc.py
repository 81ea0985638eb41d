"""OCA's auth_oidc: another Odoo that logs people in by OpenID Connect, as its users have it today."""

import pytest
from playwright.sync_api import Page

from dev import oca_addons, two_odoos
from dev.workbench import Workbench
from e2e.harness.applications import Connection, create_application
from e2e.harness.browsing import log_in_at_client, session_of
from e2e.harness.people import Person, subject_of
from e2e.harness.systems import System, Systems

CONFIGURE = """
env["auth.oauth.provider"].browse(provider).write({
    "flow": flow,
    "client_secret": secret,
    "token_endpoint": f"{issuer}/oauth2/token",
    "jwks_uri": f"{issuer}/oauth2/jwks",
    "token_map": "sub:user_id",
})
"""
FIELDS = {
    "id_token_code": {"has_scope_claims_in_id_token": True},
    "id_token": {"use_implicit": True, "has_scope_claims_in_id_token": True},
}


@pytest.fixture(scope="module")
def oca_client(systems: Systems, workbench: Workbench, tls_provider: System) -> System:
    """An Odoo at https://127.0.0.1 that has auth_oidc and none of our add-ons."""
    odoo = oca_addons.add(workbench.settings, workbench.odoo)
    database = workbench.create_database("oca", ["auth_oidc"], odoo=odoo)
    return systems.adopt(database, "oca", host="127.0.0.1", tls=True, odoo=odoo)


@pytest.mark.parametrize("flow", FIELDS)
def test_auth_oidc(
    tls_provider: System, oca_client: System, person: Person, page: Page, flow: str
) -> None:
    application = create_application(
        tls_provider,
        oca_client.url + two_odoos.CALLBACK,
        security_profile="oidc",
        local_development=False,
        **FIELDS[flow],
    )
    label = f"Log in by {flow}"
    record = two_odoos.connect_client(
        oca_client.shell, tls_provider.url, application.identifier, label
    )
    oca_client.run(
        CONFIGURE,
        provider=record,
        flow=flow,
        issuer=tls_provider.url,
        secret=application.secret if flow == "id_token_code" else "",
    )
    connection = Connection(tls_provider, oca_client, application, record, label)
    log_in_at_client(page, connection, person)
    page.goto(f"{oca_client.url}/web/health")
    # auth_oidc takes the ID token for all that it knows
    known = oca_client.run(
        "result = env['res.users'].browse(uid).read(['oauth_uid', 'login', 'email', 'name'])[0]",
        uid=session_of(page)["uid"],
    )
    del known["id"]
    assert known == {
        "oauth_uid": subject_of(tls_provider, person),
        "login": person.login,
        "email": person.login,
        "name": person.name,
    }
