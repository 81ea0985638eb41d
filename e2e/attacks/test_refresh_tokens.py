"""Refresh tokens (attack cases F03 to F17); parallel use stands in ../operations/test_concurrency.py."""

import re
import statistics

import pytest

from e2e.harness import rpc
from e2e.harness.moments import let_pass
from e2e.harness.people import ADMIN, Person, create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System

DAY = 86400
GRACE = 10


@pytest.fixture
def own(provider: System) -> RelyingParty:
    """An application for a test that changes it."""
    return register(provider, use_refresh_token=True)


@pytest.fixture
def bob(provider: System) -> Person:
    """A person for a test that changes them."""
    return create_person(provider)


def logged_in(provider: System, person: Person) -> HttpBrowser:
    browser = HttpBrowser(provider)
    browser.log_in(person)
    return browser


def refused(party: RelyingParty, refresh_token: str) -> None:
    expect_json_error(party.refresh(refresh_token), 400, "invalid_grant")


def test_refresh_gives_new_tokens(visitor: HttpBrowser, web: RelyingParty) -> None:
    first = web.tokens(visitor)
    second = web.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert web.accepts(second["access_token"])


@pytest.mark.parametrize("generations", [2, 3])
def test_f03_older_than_the_preceding_token_ends_the_family_within_the_grace(
    visitor: HttpBrowser, web: RelyingParty, generations: int
) -> None:
    stolen = newest = web.tokens(visitor)
    for _generation in range(generations):
        newest = web.refresh(newest["refresh_token"]).json()
    refused(web, stolen["refresh_token"])
    refused(web, newest["refresh_token"])
    assert not web.accepts(newest["access_token"])
    assert not web.accepts(stolen["access_token"])


def test_f03_the_preceding_token_ends_the_family_after_the_grace(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    stolen = own.tokens(visitor)
    newest = own.refresh(stolen["refresh_token"]).json()
    let_pass(provider, GRACE, own.application.id)
    refused(own, stolen["refresh_token"])
    refused(own, newest["refresh_token"])
    assert not own.accepts(newest["access_token"])


def test_f02_a_lost_answer_is_given_once_more(visitor: HttpBrowser, web: RelyingParty) -> None:
    tokens = web.tokens(visitor)
    lost = web.refresh(tokens["refresh_token"]).json()
    again = web.refresh(tokens["refresh_token"]).json()
    for answer in (lost, again):
        del answer["id_token"]  # its signature is drawn anew
    assert again == lost
    assert web.accepts(again["access_token"])
    assert web.refresh(again["refresh_token"]).status_code == 200


# What is run in Odoo by somebody who may; the other enders send requests of their own.
ENDERS = {
    "user": "env['oauth2.provider.authorization'].with_user(uid).search([]).action_revoke()",
    "administrator_of_people": "env['res.users'].with_user(2).browse(uid).action_oauth2_revoke_authorizations()",
    "administrator_of_applications": "env['oauth2.provider.client'].with_user(2).browse(id)"
    ".action_revoke_authorizations()",
    "administrator_of_logins": "env['oauth2.provider.authorization'].with_user(2)"
    ".search([('client_id', '=', id)]).action_revoke()",
}


@pytest.mark.parametrize("ender", [*ENDERS, "client", "logout"])
def test_f04_ended_within_the_grace_is_dead(
    provider: System, own: RelyingParty, bob: Person, ender: str
) -> None:
    browser = logged_in(provider, bob)
    tokens = own.tokens(browser)
    newest = own.refresh(tokens["refresh_token"]).json()
    if ender == "client":
        own.token_request({"token": newest["access_token"]}, path="/oauth2/revoke")
    elif ender == "logout":
        browser.open("/web/session/logout")
    else:
        provider.run(ENDERS[ender], uid=bob.id, id=own.application.id)
    refused(own, tokens["refresh_token"])
    refused(own, newest["refresh_token"])
    assert not own.accepts(newest["access_token"])


def test_f04_revoked_by_the_user(provider: System, own: RelyingParty, bob: Person) -> None:
    tokens = own.tokens(logged_in(provider, bob))
    provider.run(
        "env['oauth2.provider.authorization'].with_user(uid).search([]).action_revoke()", uid=bob.id
    )
    refused(own, tokens["refresh_token"])
    assert not own.accepts(tokens["access_token"])


def test_f06_token_of_another_application(
    visitor: HttpBrowser, web: RelyingParty, other_web: RelyingParty
) -> None:
    refresh_token = web.tokens(visitor)["refresh_token"]
    refused(other_web, refresh_token)
    assert web.refresh(refresh_token).status_code == 200, "the thief must not end the family"


def test_f07_scope_may_shrink_but_never_grow(visitor: HttpBrowser, web: RelyingParty) -> None:
    tokens = web.tokens(visitor, scope="openid profile")
    wider = web.refresh(tokens["refresh_token"], scope="openid profile email")
    expect_json_error(wider, 400, "invalid_scope")
    narrow = web.refresh(tokens["refresh_token"], scope="openid").json()
    assert narrow["scope"] == "openid"
    assert "name" not in web.userinfo(narrow["access_token"]).json()
    full = web.refresh(narrow["refresh_token"]).json()
    assert full["scope"] == "openid profile"


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("user.active = False", id="archived"),
        pytest.param("user.password = 'Another-password'", id="password"),
        pytest.param("user.group_ids -= group", id="group"),
        pytest.param("user.oauth2_consent_ids.action_revoke()", id="consent"),
        pytest.param("client.allowed_users = 'internal'; user.group_ids = portal", id="portal"),
        pytest.param("client.action_revoke_authorizations()", id="application"),
        pytest.param("user.action_oauth2_revoke_authorizations()", id="user"),
        pytest.param("user.unlink()", id="deleted"),
    ],
)
def test_f09_refresh_after_the_ground_is_gone(provider: System, bob: Person, what: str) -> None:
    party = register(provider, use_refresh_token=True, is_trusted=False)
    prepare = """
client, user = env["oauth2.provider.client"].browse(client_id), env["res.users"].browse(uid)
portal = env.ref("base.group_portal")
"""
    values = {"client_id": party.application.id, "uid": bob.id}
    join = "client.group_ids = user.group_ids = env['res.groups'].create({'name': user.login})"
    join += "\nuser.group_ids += env.ref('base.group_user')"
    provider.run(prepare + join, **values)
    tokens = party.tokens(logged_in(provider, bob))
    as_administrator = """
administrator = env.ref("base.user_admin")
client, user = client.with_user(administrator), user.with_user(administrator)
group = client.group_ids
"""
    provider.run(prepare + as_administrator + what, **values)
    refused(party, tokens["refresh_token"])


@pytest.mark.parametrize("what", ["client.use_refresh_token = False", "client.active = False"])
def test_f09_refresh_after_the_policy_of_the_client_changed(
    provider: System, visitor: HttpBrowser, own: RelyingParty, what: str
) -> None:
    tokens = own.tokens(visitor)
    provider.run(
        f"client = env['oauth2.provider.client'].browse(id)\n{what}", id=own.application.id
    )
    response = own.refresh(tokens["refresh_token"])
    assert response.json()["error"] in ("unauthorized_client", "invalid_client")


def test_f09_scope_taken_from_the_client_is_not_granted_any_more(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    tokens = own.tokens(visitor)
    provider.run(
        "client = env['oauth2.provider.client'].browse(id)\n"
        "client.scope_ids -= env.ref('oauth2_provider.scope_email')",
        id=own.application.id,
    )
    renewed = own.refresh(tokens["refresh_token"]).json()
    assert "email" not in renewed["scope"].split()
    assert "email" not in own.userinfo(renewed["access_token"]).json()


def test_f10_idle_and_absolute_end_count_without_cleanup(
    provider: System, visitor: HttpBrowser
) -> None:
    party = register(
        provider,
        use_refresh_token=True,
        refresh_token_idle_lifetime=2 * DAY,
        refresh_token_lifetime=5 * DAY,
    )
    idle = party.tokens(visitor)["refresh_token"]
    let_pass(provider, 2 * DAY, party.application.id)
    refused(party, idle)
    renewed = party.tokens(visitor)["refresh_token"]
    for _day in range(5):
        renewed = party.refresh(renewed).json()["refresh_token"]
        let_pass(provider, DAY + 3600, party.application.id)
    refused(party, renewed)


def test_f11_only_offline_access_outlives_the_session(
    provider: System, visitor: HttpBrowser
) -> None:
    party = register(provider, use_refresh_token=True, is_trusted=False)
    answers = {
        "unasked": party.tokens(visitor, scope="openid offline_access"),
        "asked": party.tokens(visitor, scope="openid offline_access", prompt="consent"),
    }
    assert answers["unasked"]["scope"] == "openid"
    assert answers["asked"]["scope"] == "openid offline_access"
    ends = provider.run(
        "result = env['oauth2.provider.authorization'].search([('client_id', '=', id)], order='id')"
        ".mapped(lambda one: [one.is_offline, (one.expires_at - one.created_at).days])",
        id=party.application.id,
    )
    assert ends == [[False, 7], [True, 180]]


def test_f11_no_refresh_token_unless_registered(
    provider: System, visitor: HttpBrowser, odoo: RelyingParty
) -> None:
    assert "refresh_token" not in register(provider).tokens(visitor)
    answer = odoo.authorization_answer(visitor, odoo.implicit_parameters())
    assert "access_token" in answer
    assert "refresh_token" not in answer


def test_f12_tokens_of_one_kind_are_not_the_other(visitor: HttpBrowser, web: RelyingParty) -> None:
    tokens = web.tokens(visitor)
    assert not web.accepts(tokens["refresh_token"])
    refused(web, tokens["access_token"])
    assert web.accepts(tokens["access_token"]), "the confusion must not end anything"
    assert web.refresh(tokens["refresh_token"]).status_code == 200


def test_f15_replay_of_a_long_family_stays_cheap(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    tokens = own.tokens(visitor)
    newest = own.refresh(tokens["refresh_token"]).json()
    newest = own.refresh(newest["refresh_token"]).json()
    before = _usual_queries(provider, own, tokens["refresh_token"])
    provider.run(
        """
env.cr.execute('''
    INSERT INTO oauth2_provider_token
           (kind, token_hash, authorization_id, scope, issued_at, expires_at, used_at)
    SELECT 'refresh', encode(sha256(('f15' || n || client_id)::bytea), 'hex'), authorization_id,
           scope, issued_at, expires_at, issued_at
      FROM (SELECT token.*, authz.client_id FROM oauth2_provider_token token
              JOIN oauth2_provider_authorization authz ON authz.id = token.authorization_id
             WHERE authz.client_id = %s LIMIT 1) one, generate_series(1, 5000) n
''', [id])
""",
        id=own.application.id,
    )
    assert not own.accepts(newest["access_token"])
    assert _usual_queries(provider, own, tokens["refresh_token"]) <= before


def _usual_queries(provider: System, party: RelyingParty, refresh_token: str) -> float:
    """Of several replays: a worker that has its caches to fill asks for more."""
    return statistics.median(_queries(provider, party, refresh_token) for _replay in range(15))


def _queries(provider: System, party: RelyingParty, refresh_token: str) -> int:
    """How many statements the server needed to refuse a replay: the access log tells."""
    refused(party, refresh_token)
    lines = [line for line in provider.server.log_text().splitlines() if "/oauth2/token " in line]
    return int(re.search(r'" 400 - (\d+) ', lines[-1])[1])


def test_f16_altered_token_is_unknown(visitor: HttpBrowser, web: RelyingParty) -> None:
    token = web.tokens(visitor)["refresh_token"]
    for altered in (
        token[:-1],
        token + "A",
        token + "=",
        " " + token,
        token + "\n",
        token.swapcase(),
        token.removeprefix("o2r_"),
        token[:20],
        "o2a_" + token.removeprefix("o2r_"),
    ):
        refused(web, altered)
    assert web.refresh(token).status_code == 200, "none of them ended the family"


def test_f17_deleting_an_authorization_leaves_no_token_behind(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    tokens = own.tokens(visitor)
    provider.run(
        "env.cr.execute('DELETE FROM oauth2_provider_authorization WHERE client_id = %s', [id])",
        id=own.application.id,
    )
    refused(own, tokens["refresh_token"])
    assert not own.accepts(tokens["access_token"])


def test_f17_nobody_deletes_a_token_by_itself(
    provider: System, visitor: HttpBrowser, own: RelyingParty, allowed_loggers: list[str]
) -> None:
    allowed_loggers.append("odoo.http")
    tokens = own.tokens(visitor)
    ids = provider.run(
        "result = env['oauth2.provider.token'].search([('client_id', '=', id)]).ids",
        id=own.application.id,
    )
    call = rpc.by_session(provider, ADMIN)
    for token in ids:
        rpc.refused(rpc.RIGHTS, call, "oauth2.provider.token", "unlink", [token])
    assert own.accepts(tokens["access_token"])


@pytest.mark.parametrize(
    "which",
    [
        pytest.param("kind = 'access'", id="access"),
        pytest.param("kind = 'refresh' AND used_at IS NOT NULL", id="replaced"),
        pytest.param("kind = 'refresh' AND used_at IS NULL", id="newest"),
    ],
)
def test_f17_what_a_deleted_token_leaves_ends_with_the_login(
    provider: System, own: RelyingParty, bob: Person, which: str
) -> None:
    first = own.tokens(logged_in(provider, bob))
    second = own.refresh(first["refresh_token"]).json()
    deleted = provider.run(
        f"""
env.cr.execute('''
    DELETE FROM oauth2_provider_token WHERE {which} AND authorization_id IN (
        SELECT id FROM oauth2_provider_authorization WHERE client_id = %s)
''', [id])
result = env.cr.rowcount
""",
        id=own.application.id,
    )
    assert deleted
    left = [own.refresh(tokens["refresh_token"]) for tokens in (second, first)]
    provider.run(ENDERS["user"], uid=bob.id)
    for tokens in (first, second, *(answer.json() for answer in left if answer.ok)):
        refused(own, tokens["refresh_token"])
        assert not own.accepts(tokens["access_token"])
