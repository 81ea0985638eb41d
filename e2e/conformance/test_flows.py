"""Modules of the basic, implicit, hybrid and form post plans: whole flows, tokens, UserInfo, scopes."""

import time

import jwt
import pytest
import requests

from e2e.harness.plain_http import TIMEOUT, expect_error_page
from e2e.harness.relying_party import challenge_of

from .conditions import SCOPE_CLAIMS, check_error, check_token_error
from .plans import (
    ALL,
    BASIC,
    DYNAMIC,
    HYBRID,
    WITH_ACCESS_TOKEN,
    WITH_CODE,
    Variant,
    run_with,
    with_secret_in_form,
)
from .suite import Login, Suite

NONCE_OPTIONAL = [variant for variant in ALL if "id_token" not in variant.parts]
NONCE_REQUIRED = [variant for variant in ALL if "id_token" in variant.parts]


@run_with([*ALL, *DYNAMIC])
def test_oidcc_server(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant))


@run_with(with_secret_in_form(WITH_CODE))
def test_oidcc_server_client_secret_post(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant))


@run_with(ALL)
def test_oidcc_response_type_missing(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant)
    request = suite.request(client, response_type=None)
    answer = suite.callback(client, request, suite.go(suite.person_browser(), request))
    check_error(answer, "invalid_request", "unsupported_response_type")


@run_with(ALL)
def test_oidcc_idtoken_signature(suite: Suite, variant: Variant) -> None:
    """Signed by a published key that it names; the rest is what `check_id_token` checks of every ID token."""
    login = suite.succeed(suite.register(variant))
    header = jwt.get_unverified_header(login.id_token)
    document = requests.get(suite.metadata["jwks_uri"], timeout=TIMEOUT).json()
    named = [key for key in document["keys"] if key["kid"] == header["kid"]]
    assert [key["alg"] for key in named] == [header["alg"]]


@run_with(BASIC)
def test_oidcc_idtoken_unsigned(suite: Suite, variant: Variant) -> None:
    """Not offered, so that the suite skips it; and who asks for it nevertheless is refused."""
    assert "none" not in suite.metadata["id_token_signing_alg_values_supported"]
    response = suite.try_to_register(variant, id_token_signed_response_alg="none")
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client_metadata"


@run_with(WITH_ACCESS_TOKEN)
def test_oidcc_userinfo_get(suite: Suite, variant: Variant) -> None:
    suite.userinfo(suite.succeed(suite.register(variant)), "header")


@run_with(WITH_ACCESS_TOKEN)
def test_oidcc_userinfo_post_header(suite: Suite, variant: Variant) -> None:
    suite.userinfo(suite.succeed(suite.register(variant)), "post header")


@run_with(WITH_ACCESS_TOKEN)
def test_oidcc_userinfo_post_body(suite: Suite, variant: Variant) -> None:
    suite.userinfo(suite.succeed(suite.register(variant)), "post body")


@run_with(NONCE_OPTIONAL)
def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(
    suite: Suite, variant: Variant
) -> None:
    suite.succeed(suite.register(variant), nonce=None)


@run_with(NONCE_REQUIRED)
def test_oidcc_ensure_request_without_nonce_fails(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant)
    request = suite.request(client, nonce=None)
    answer = suite.callback(client, request, suite.go(suite.person_browser(), request))
    check_error(answer, "invalid_request")


def check_scope(suite: Suite, variant: Variant, scope: str) -> None:
    """All claims of the scope, each where OpenID Connect Core §5.4 has it, and no others."""
    expected = set[str]().union(*(SCOPE_CLAIMS[name] for name in scope.split()))
    in_token = frozenset() if variant.has_access_token else frozenset(expected)
    login = suite.succeed(suite.register(variant), scope=scope, requested_claims=in_token)
    claims = suite.userinfo(login) if variant.has_access_token else login.claims
    standard = set[str]().union(*SCOPE_CLAIMS.values())
    assert claims.keys() & standard == expected


@run_with(ALL)
def test_oidcc_scope_profile(suite: Suite, variant: Variant) -> None:
    check_scope(suite, variant, "openid profile")


@run_with(ALL)
def test_oidcc_scope_email(suite: Suite, variant: Variant) -> None:
    check_scope(suite, variant, "openid email")


@run_with(ALL)
def test_oidcc_scope_address(suite: Suite, variant: Variant) -> None:
    check_scope(suite, variant, "openid address")


@run_with(ALL)
def test_oidcc_scope_phone(suite: Suite, variant: Variant) -> None:
    check_scope(suite, variant, "openid phone")


@run_with(ALL)
def test_oidcc_scope_all(suite: Suite, variant: Variant) -> None:
    check_scope(suite, variant, "openid address email phone profile")


@run_with(ALL)
def test_oidcc_ensure_other_scope_order_succeeds(suite: Suite, variant: Variant) -> None:
    check_scope(suite, variant, "email openid")


def used_twice(suite: Suite, variant: Variant, pause: int) -> Login:
    client = suite.register(variant)
    login = suite.succeed(client)
    time.sleep(pause)
    check_token_error(client.redeem(login.answer["code"]), "invalid_grant")
    return login


@run_with(WITH_CODE)
def test_oidcc_codereuse(suite: Suite, variant: Variant) -> None:
    used_twice(suite, variant, 0)


@run_with(BASIC)
def test_oidcc_codereuse_30seconds(suite: Suite, variant: Variant) -> None:
    """What the code had brought is worth nothing either (RFC 6749 §4.1.2). 30 seconds are well within its life."""
    login = used_twice(suite, variant, 30)
    header = {"Authorization": f"Bearer {login.tokens['access_token']}"}
    answer = requests.get(suite.metadata["userinfo_endpoint"], headers=header, timeout=TIMEOUT)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@run_with(ALL)
def test_oidcc_ensure_registered_redirect_uri(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant)
    request = suite.request(client, redirect_uri=f"{client.redirect_uri}/other")
    expect_error_page(suite.go(suite.person_browser(), request))


@run_with(WITH_CODE)
@pytest.mark.parametrize("is_logged_in", [True, False], ids=["logged in", "not logged in"])
def test_oidcc_ensure_post_request_succeeds(
    suite: Suite, variant: Variant, is_logged_in: bool
) -> None:
    browser = suite.person_browser() if is_logged_in else suite.visitor()
    suite.succeed(suite.register(variant), browser, method="POST")


@run_with(ALL)
def test_oidcc_claims_essential(suite: Suite, variant: Variant) -> None:
    place = "userinfo" if variant.has_access_token else "id_token"
    requested = frozenset() if variant.has_access_token else frozenset({"name"})
    login = suite.succeed(
        suite.register(variant),
        claims=f'{{"{place}": {{"name": {{"essential": true}}}}}}',
        requested_claims=requested,
    )
    claims = suite.userinfo(login) if variant.has_access_token else login.claims
    assert claims["name"] == suite.person.name


@run_with(WITH_CODE)
def test_oidcc_refresh_token(suite: Suite, variant: Variant) -> None:
    grants = ["authorization_code", "refresh_token"]
    grants += ["implicit"] if variant.parts != {"code"} else []
    first, second = (suite.register(variant, grant_types=grants) for _ in "ab")
    logins = [suite.succeed(client) for client in (first, second)]
    for client, login, scope in zip((first, second), logins, ("openid", None), strict=True):
        before = dict(login.claims)
        time.sleep(1)
        suite.renew(client, login, scope=scope)
        same = ("iss", "sub", "aud", "auth_time", "azp")
        assert [login.claims.get(name) for name in same] == [before.get(name) for name in same]
        assert login.claims["iat"] > before["iat"]
        suite.userinfo(login)
    stolen = logins[1].tokens["refresh_token"]
    check_token_error(first.refresh(stolen), "invalid_grant")


@run_with([*BASIC, *HYBRID])
def test_oidcc_ensure_request_with_valid_pkce_succeeds(suite: Suite, variant: Variant) -> None:
    verifier = "v" * 43
    suite.succeed(
        suite.register(variant),
        verifier=verifier,
        code_challenge=challenge_of(verifier),
        code_challenge_method="S256",
    )
