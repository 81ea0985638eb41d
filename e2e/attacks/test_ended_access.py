"""What ends somebody's access also ends what is being given at that very moment (attack cases L10, F09).

Odoo's transactions see the database as it was when they began. Whoever holds a stolen session has as long as the new
password of its owner takes to be hashed.
"""

import pytest

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import register
from e2e.harness.systems import System

MEANWHILE = """
import requests
user, client = env["res.users"].browse(uid), env["oauth2.provider.client"].browse(client_id)
# From here on this transaction does not see what others do.
user.login
browser = requests.Session()
browser.cookies.update(cookies)
response = browser.get(url + "/oauth2/authorize", params=parameters, allow_redirects=False)
response = browser.get(url + response.headers["Location"], allow_redirects=False)
result = response.headers["Location"]
"""


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("user.password = 'Another-password'", id="password"),
        pytest.param("user.active = False; user.active = True", id="archived"),
        pytest.param("user._oauth2_revoke('administrator')", id="user"),
        pytest.param("client.action_revoke_authorizations()", id="application"),
        pytest.param("client.active = False; client.active = True", id="application-archived"),
        pytest.param("user.oauth2_consent_ids.action_revoke()", id="consent"),
        pytest.param("env['oauth2.provider.server']._revoke_everything()", id="everything"),
    ],
)
def test_l10_f09_what_is_given_while_it_is_being_ended(provider: System, end: str) -> None:
    person = create_person(provider)
    party = register(provider, is_trusted=False, use_refresh_token=True)
    browser = HttpBrowser(provider)
    browser.log_in(person)
    before = party.tokens(browser)
    location = provider.run(
        MEANWHILE + end,
        uid=person.id,
        client_id=party.application.id,
        cookies=browser.session.cookies.get_dict(),
        url=provider.url,
        parameters=party.parameters(prompt="none"),
    )
    code = location.partition("code=")[2].partition("&")[0]
    assert code, location
    expect_json_error(party.redeem(code), 400, "invalid_grant")
    assert not party.accepts(before["access_token"])
