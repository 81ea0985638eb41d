"""Modules of the dynamic plan and of third-party-initiated login: what clients can register, and what becomes of it."""

import base64
import json
import secrets
import time

import jwt
import pytest
import requests

from e2e.harness.plain_http import TIMEOUT, expect_error_page

from .client import Client, Keys
from .conditions import check_standard_claims
from .plans import BASIC, DYNAMIC, DYNAMIC_WITH_CODE, Variant, run_with
from .suite import Suite

KEY_CLIENT = [variant for variant in DYNAMIC if variant.response_type == "code"]
LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEU"
    "lEQVR42mMwTpuJFTEMLQkAyvtMgX0NuLUAAAAASUVORK5CYII="
)
# jwks_uri is read again for an unknown key, but not more often than this many seconds.
REFETCH_SECONDS = 60


def consent_page(suite: Suite, client: Client) -> str:
    return suite.person_browser().authorize(suite.request(client)).text


def callback(suite: Suite, query: str = "") -> str:
    return suite.address(f"/{secrets.token_hex(4)}/callback{query}")


@run_with(DYNAMIC)
def test_oidcc_idtoken_rs256(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant, id_token_signed_response_alg="RS256")
    login = suite.succeed(client)
    assert jwt.get_unverified_header(login.id_token)["alg"] == "RS256"


@run_with(variant for variant in DYNAMIC if variant.has_access_token)
def test_oidcc_userinfo_rs256(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant, userinfo_signed_response_alg="RS256")
    request = suite.request(client, scope="openid email")
    answer = suite.callback(client, request, suite.go(suite.person_browser(), request))
    token = answer.get("access_token") or client.redeem(answer["code"]).json()["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    response = requests.get(suite.metadata["userinfo_endpoint"], headers=header, timeout=TIMEOUT)
    assert response.headers["Content-Type"].startswith("application/jwt")
    protected = jwt.get_unverified_header(response.text)
    claims = jwt.decode(
        response.text,
        suite.server_keys()[protected["kid"]],
        algorithms=["RS256"],
        audience=client.identifier,
        issuer=suite.metadata["issuer"],
    )
    assert claims["email"] == suite.person.login
    assert "nonce" not in claims
    check_standard_claims(claims)


@run_with(DYNAMIC)
def test_oidcc_ensure_redirect_uri_in_authorization_request(suite: Suite, variant: Variant) -> None:
    """With several registered ones nobody can know which is meant."""
    client = suite.register(variant, redirect_uris=[callback(suite), callback(suite)])
    request = suite.request(client, redirect_uri=None)
    expect_error_page(suite.go(suite.person_browser(), request))


@run_with(DYNAMIC)
def test_oidcc_redirect_uri_query_ok(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant, redirect_uris=[callback(suite, "?foo=bar")]))


@run_with(DYNAMIC)
def test_oidcc_redirect_uri_query_mismatch(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant, redirect_uris=[callback(suite, "?foo=bar")])
    changed = client.redirect_uri.replace("bar", "xyzzy")
    expect_error_page(suite.go(suite.person_browser(), suite.request(client, redirect_uri=changed)))


@run_with(DYNAMIC)
def test_oidcc_redirect_uri_query_added(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant)
    added = f"{client.redirect_uri}?foo=bar"
    expect_error_page(suite.go(suite.person_browser(), suite.request(client, redirect_uri=added)))


@run_with(DYNAMIC)
def test_oidcc_redirect_uri_regfrag(suite: Suite, variant: Variant) -> None:
    response = suite.try_to_register(variant, redirect_uris=[callback(suite, "#foobar")])
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_redirect_uri"


@run_with(KEY_CLIENT)
def test_oidcc_registration_logo_uri(suite: Suite, variant: Variant) -> None:
    suite.site.files["/logo.png"] = ("image/png", LOGO)
    client = suite.register(variant, logo_uri=suite.address("/logo.png"))
    page = consent_page(suite, client)
    assert 'id="oauth2_client_logo"' in page
    assert suite.address("/logo.png") not in page


@run_with(KEY_CLIENT)
def test_oidcc_registration_policy_uri(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant, policy_uri=suite.address("/policy"))
    assert f'href="{suite.address("/policy")}"' in consent_page(suite, client)


@run_with(KEY_CLIENT)
def test_oidcc_registration_tos_uri(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant, tos_uri=suite.address("/terms"))
    assert f'href="{suite.address("/terms")}"' in consent_page(suite, client)


def publish_keys(suite: Suite, keys: Keys) -> str:
    path = f"/{secrets.token_hex(4)}/jwks"
    renew_keys(suite, path, keys)
    return path


def renew_keys(suite: Suite, path: str, keys: Keys) -> None:
    content = json.dumps(keys.document()).encode()
    suite.site.files[path] = ("application/json", content)


@run_with(DYNAMIC_WITH_CODE)
def test_oidcc_registration_jwks_uri(suite: Suite, variant: Variant) -> None:
    keys = Keys(kid="first")
    address = suite.address(publish_keys(suite, keys))
    suite.succeed(suite.register(variant, keys, jwks=None, jwks_uri=address))


@run_with(KEY_CLIENT)
def test_oidcc_refresh_token_rp_key_rotation(suite: Suite, variant: Variant) -> None:
    keys = Keys(kid="first")
    path = publish_keys(suite, keys)
    client = suite.register(
        variant,
        keys,
        jwks=None,
        jwks_uri=suite.address(path),
        grant_types=["authorization_code", "refresh_token"],
    )
    login = suite.succeed(client, scope="openid offline_access", prompt="consent")
    keys.rotate()
    renew_keys(suite, path, keys)
    time.sleep(REFETCH_SECONDS)
    suite.renew(client, login, scope="openid offline_access")
    suite.userinfo(login)


def publish_sector(suite: Suite, redirect_uris: list[str]) -> str:
    content = json.dumps(redirect_uris).encode()
    suite.site.files["/redirect_uris.json"] = ("application/json", content)
    return suite.address("/redirect_uris.json")


@run_with(DYNAMIC)
def test_oidcc_registration_sector_uri(suite: Suite, variant: Variant) -> None:
    own = callback(suite)
    sector = publish_sector(suite, [own, "https://other.example.org/callback"])
    client = suite.register(
        variant, redirect_uris=[own], subject_type="pairwise", sector_identifier_uri=sector
    )
    login = suite.succeed(client)
    public = suite.succeed(suite.register(variant))
    assert login.claims["sub"] != public.claims["sub"]


@run_with(DYNAMIC)
def test_oidcc_registration_sector_bad(suite: Suite, variant: Variant) -> None:
    sector = publish_sector(suite, ["https://other.example.org/callback"])
    response = suite.try_to_register(variant, subject_type="pairwise", sector_identifier_uri=sector)
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["error"] == "invalid_client_metadata"


@run_with(KEY_CLIENT)
@pytest.mark.parametrize("audience", ["issuer", "token_endpoint"])
def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(
    suite: Suite, variant: Variant, audience: str
) -> None:
    client = suite.register(variant)
    request = suite.request(client)
    answer = suite.callback(client, request, suite.go(suite.person_browser(), request))
    response = client.redeem(answer["code"], assertion_audience=suite.metadata[audience])
    assert response.status_code == 200, response.text


@run_with(BASIC)
def test_oidcc_3rd_party_init_login(suite: Suite, variant: Variant) -> None:
    start = suite.address("/start")
    client = suite.register(variant, initiate_login_uri=start)
    assert client.registration["initiate_login_uri"] == start
    token = client.registration["registration_access_token"]
    response = requests.get(
        client.registration["registration_client_uri"],
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT,
    )
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["initiate_login_uri"] == start


@run_with(BASIC)
def test_oidcc_3rd_party_init_login_nohttps(suite: Suite, variant: Variant) -> None:
    response = suite.try_to_register(variant, initiate_login_uri="http://client.example/start")
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["error"] == "invalid_client_metadata"


@run_with([*BASIC, *KEY_CLIENT])
def test_unregister_dynamically_registered_client(suite: Suite, variant: Variant) -> None:
    """What the suite does after each module."""
    registration = suite.register(variant).registration
    header = {"Authorization": f"Bearer {registration['registration_access_token']}"}
    address = registration["registration_client_uri"]
    assert requests.delete(address, headers=header, timeout=TIMEOUT).status_code == 204
    assert requests.get(address, headers=header, timeout=TIMEOUT).status_code == 401
