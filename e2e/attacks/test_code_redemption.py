"""Redeeming authorization codes (attack cases C01 to C09, C13, C16, C17)."""

import re

import pytest

from e2e.harness.moments import let_pass
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, expect_json_error, input_value
from e2e.harness.relying_party import REDIRECT_URI, RelyingParty, register
from e2e.harness.systems import System


@pytest.fixture
def own(provider: System) -> RelyingParty:
    """An application for a test that changes it."""
    return register(provider, use_refresh_token=True)


def change(provider: System, party: RelyingParty, code: str) -> None:
    """Run Python on the application's record `client`."""
    provider.run(
        f"client = env['oauth2.provider.client'].browse(id)\n{code}", id=party.application.id
    )


def test_c01_o3_second_use_ends_what_the_first_one_got(
    visitor: HttpBrowser, web: RelyingParty
) -> None:
    code = web.code(visitor)
    tokens = web.redeem(code).json()
    assert web.accepts(tokens["access_token"])
    expect_json_error(web.redeem(code), 400, "invalid_grant")
    assert not web.accepts(tokens["access_token"])
    expect_json_error(web.refresh(tokens["refresh_token"]), 400, "invalid_grant")


def test_c01_second_use_after_the_code_expired_is_still_a_replay(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    code = own.code(visitor)
    token = own.redeem(code).json()["access_token"]
    let_pass(provider, 600, own.application.id)
    assert own.accepts(token)
    expect_json_error(own.redeem(code), 400, "invalid_grant")
    assert not own.accepts(token)


@pytest.mark.parametrize("address", [REDIRECT_URI, "https://other.example/callback"])
def test_c03_code_of_another_application(
    provider: System, visitor: HttpBrowser, web: RelyingParty, address: str
) -> None:
    thief = register(provider, address)
    code = web.code(visitor)
    stolen = thief.token_request(web.redemption(code))
    expect_json_error(stolen, 400, "invalid_grant")
    assert stolen.json() == thief.redeem("unknown").json()
    assert web.redeem(code).status_code == 200, "the thief must not spoil the code"


@pytest.mark.parametrize("expired", [False, True])
@pytest.mark.parametrize("right_client", [True, False])
def test_c04_code_must_be_fresh_and_of_this_client(
    provider: System,
    visitor: HttpBrowser,
    own: RelyingParty,
    other_web: RelyingParty,
    expired: bool,
    right_client: bool,
) -> None:
    code = own.code(visitor)
    if expired:
        let_pass(provider, 60, own.application.id)
    response = (own if right_client else other_web).token_request(own.redemption(code))
    if right_client and not expired:
        assert response.status_code == 200
    else:
        expect_json_error(response, 400, "invalid_grant")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        REDIRECT_URI[:-1],
        REDIRECT_URI + "/",
        REDIRECT_URI + "?x=1",
        "https://other.example/callback",
    ],
)
def test_c05_redirect_uri_of_the_request_must_come_back(
    visitor: HttpBrowser, web: RelyingParty, sent: str | None
) -> None:
    response = web.redeem(web.code(visitor), redirect_uri=sent)
    expect_json_error(response, 400, "invalid_grant")


def test_c07_other_secrets_are_no_codes(
    provider: System, visitor: HttpBrowser, web: RelyingParty
) -> None:
    tokens = web.tokens(visitor)
    page = visitor.authorize(register(provider, is_trusted=False).parameters())
    pushed = web.token_request(web.parameters(), "/oauth2/par").json()["request_uri"]
    device = register(provider, use_device=True)
    asked = device.device_codes()
    mailed = provider.run(
        "result = env.ref('base.user_admin').partner_id._generate_signup_token(expiration=1)"
    )
    for value in (
        tokens["access_token"],
        tokens["refresh_token"],
        input_value(page, "rid"),
        input_value(page, "csrf_token"),
        pushed,
        pushed.rpartition(":")[2],
        asked["device_code"],
        asked["user_code"],
        web.application.secret,
        web.verifier,
        mailed,
        "x" * 60000,
    ):
        for party in (web, device):
            expect_json_error(party.redeem(value), 400, "invalid_grant")
    # None of it was used up or ended on the way.
    assert web.accepts(tokens["access_token"])
    expect_json_error(device.poll(asked["device_code"]), 400, "authorization_pending")
    visit = {"client_id": web.identifier, "request_uri": pushed}
    assert "code" in answer_of(visitor.authorize(visit))


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("user.active = False", id="archived"),
        pytest.param("user.password = 'Another-password'", id="password"),
        pytest.param("user.group_ids -= group", id="group"),
        pytest.param("client.allowed_users = 'internal'; user.group_ids = portal", id="portal"),
    ],
)
def test_c08_user_who_may_no_longer(provider: System, own: RelyingParty, what: str) -> None:
    person = create_person(provider)
    change(
        provider,
        own,
        "group = env['res.groups'].create({'name': client.client_identifier})\n"
        f"client.group_ids = group; env['res.users'].browse({person.id}).group_ids += group",
    )
    browser = HttpBrowser(provider)
    browser.log_in(person)
    code = own.code(browser)
    change(
        provider,
        own,
        "group, portal = client.group_ids, env.ref('base.group_portal')\n"
        f"user = env['res.users'].browse({person.id})\n{what}",
    )
    expect_json_error(own.redeem(code), 400, "invalid_grant")


@pytest.mark.parametrize(
    ("what", "status", "error"),
    [
        pytest.param("client.active = False", 401, "invalid_client", id="archived"),
        pytest.param("client.unlink()", 401, "invalid_client", id="deleted"),
        pytest.param("client.secret_ids.unlink()", 401, "invalid_client", id="secret"),
        pytest.param("client.redirect_uri_ids.unlink()", 400, "invalid_grant", id="redirect"),
    ],
)
def test_c09_client_that_may_no_longer(
    provider: System, visitor: HttpBrowser, own: RelyingParty, what: str, status: int, error: str
) -> None:
    code = own.code(visitor)
    change(provider, own, what)
    expect_json_error(own.redeem(code), status, error)


def test_c09_client_that_is_archived_and_back_has_lost_its_codes(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    code = own.code(visitor)
    change(provider, own, "client.active = False\nclient.active = True")
    expect_json_error(own.redeem(code), 400, "invalid_grant")


def test_c13_scope_at_the_token_endpoint_widens_nothing(
    visitor: HttpBrowser, web: RelyingParty
) -> None:
    tokens = web.redeem(web.code(visitor, scope="openid"), scope="openid email").json()
    assert tokens["scope"] == "openid"
    assert "email" not in web.userinfo(tokens["access_token"]).json()


def test_c16_codes_are_256_random_bits(visitor: HttpBrowser, web: RelyingParty) -> None:
    codes = {web.code(visitor) for _number in range(30)}
    assert len(codes) == 30
    assert all(re.fullmatch(r"o2c_[A-Za-z0-9_-]{43}", code) for code in codes)
    columns = list(zip(*codes, strict=True))[4:-1]  # behind the prefix; the last sign has 4 bits
    assert all(len(set(column)) > 5 for column in columns), "each sign varies"


def test_c17_code_does_not_leak_by_referer(visitor: HttpBrowser, web: RelyingParty) -> None:
    response = visitor.authorize(web.parameters())
    assert "code" in answer_of(response)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
