"""Access tokens at UserInfo and tokeninfo (attack cases T02 to T19, S10)."""

import pytest
import requests

from e2e.harness.moments import let_pass
from e2e.harness.people import Person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System

PATHS = ("/oauth2/userinfo", "/oauth2/tokeninfo")


@pytest.fixture(scope="module")
def token(adas_session: HttpBrowser, web: RelyingParty) -> str:
    """A living access token of the web application."""
    return web.tokens(adas_session.copy())["access_token"]


def own_path(party: RelyingParty) -> str:
    return f"/oauth2/userinfo/{party.identifier}"


def odoo_token(browser: HttpBrowser, party: RelyingParty) -> str:
    return party.authorization_answer(browser, party.implicit_parameters())["access_token"]


def test_o6_claims_are_those_of_the_scope(
    visitor: HttpBrowser, web: RelyingParty, ada: Person
) -> None:
    person = {"sub", "user_id", "aud", "client_id"}
    bare = web.userinfo(web.tokens(visitor, scope="openid")["access_token"]).json()
    assert set(bare) == person
    email = web.userinfo(web.tokens(visitor, scope="openid email")["access_token"]).json()
    assert set(email) == person | {"email", "email_verified"}
    full = web.userinfo(web.tokens(visitor)["access_token"]).json()
    assert (full["name"], full["email"]) == (ada.name, ada.login)
    assert full["aud"] == full["client_id"] == web.identifier


def test_t02_t10_token_of_one_application_does_not_open_another_odoo(
    provider: System, visitor: HttpBrowser, web: RelyingParty, odoo: RelyingParty, token: str
) -> None:
    """Stock Odoo believes whatever its UserInfo address says, so that address must know whose token it is."""
    other = register(
        provider, "https://third.example/auth_oauth/signin", security_profile="odoo_login"
    )
    mine = odoo_token(visitor, odoo)
    assert web.userinfo(mine, own_path(odoo)).status_code == 200
    for foreign in (token, odoo_token(visitor, other)):
        expect_json_error(web.userinfo(foreign, own_path(odoo)), 401, "invalid_token")
        in_query = requests.get(provider.url + own_path(odoo), {"access_token": foreign})
        assert in_query.status_code in (400, 401)
        assert "sub" not in in_query.json()
    for path in PATHS:
        expect_json_error(web.userinfo(mine, path), 401, "invalid_token")


def test_t02_address_of_an_unknown_application(web: RelyingParty, token: str) -> None:
    for name in ("unknown", web.identifier.upper(), "%00", "..%2F", "x" * 5000):
        response = web.userinfo(token, f"/oauth2/userinfo/{name}")
        assert response.status_code in (400, 401, 404)
        assert "sub" not in response.text


def test_t02_application_may_use_its_own_address_too(web: RelyingParty, token: str) -> None:
    assert web.userinfo(token, own_path(web)).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_t04_token_in_the_address_is_refused(
    provider: System, visitor: HttpBrowser, odoo: RelyingParty, token: str, path: str
) -> None:
    for value in (token, odoo_token(visitor, odoo)):
        response = requests.get(provider.url + path, {"access_token": value})
        expect_json_error(response, 400, "invalid_request")


def test_t04_token_in_the_address_of_an_application_that_can_do_better(
    provider: System, web: RelyingParty, token: str
) -> None:
    response = requests.get(provider.url + own_path(web), {"access_token": token})
    expect_json_error(response, 400, "invalid_request")


def test_t04_other_odoo_may_send_it_in_the_address(
    provider: System, visitor: HttpBrowser, odoo: RelyingParty
) -> None:
    value = odoo_token(visitor, odoo)
    response = requests.get(provider.url + own_path(odoo), {"access_token": value})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_t04_two_transports_at_once(provider: System, token: str, path: str) -> None:
    header, body = {"Authorization": f"Bearer {token}"}, {"access_token": token}
    url = provider.url + path
    expect_json_error(requests.post(url, headers=header, data=body), 400, "invalid_request")
    twice = [("access_token", token), ("access_token", token)]
    expect_json_error(requests.post(url, data=twice), 400, "invalid_request")
    assert requests.post(url, data=body).status_code == 200


def test_t04_header_and_address_at_once(
    provider: System, visitor: HttpBrowser, odoo: RelyingParty
) -> None:
    value = odoo_token(visitor, odoo)
    response = requests.get(
        provider.url + own_path(odoo),
        {"access_token": value},
        headers={"Authorization": f"Bearer {value}"},
    )
    expect_json_error(response, 400, "invalid_request")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["https://app.example", "null"])
def test_t08_any_site_may_ask_with_a_token_but_not_with_cookies(
    provider: System, visitor: HttpBrowser, token: str, path: str, origin: str
) -> None:
    sent = {"Origin": origin, "Authorization": f"Bearer {token}"}
    for response in (
        visitor.send("GET", path, headers=sent),
        visitor.send("GET", path, headers={"Origin": origin}),
        visitor.send(
            "OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "GET"}
        ),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
    assert visitor.send("GET", path).status_code == 401, "the session of the person is no token"


@pytest.mark.parametrize("path", [*PATHS, "/oauth2/userinfo/some-client"])
@pytest.mark.parametrize(
    ("header", "status"),
    [
        pytest.param(None, 401, id="none"),
        pytest.param("", 401, id="empty"),
        pytest.param("Bearer", 400, id="scheme_alone"),
        pytest.param("Bearer ", 400, id="no_token"),
        pytest.param("Bearer a b", 400, id="two_words"),
        pytest.param("Bearer a,Bearer b", 400, id="two_tokens"),
        pytest.param("Bearer " + "x" * 60_000, 401, id="long"),
        pytest.param("Bearer \u00e9\u00ff".encode("latin-1"), 400, id="latin"),
        pytest.param("Bearer \u20ac".encode(), 400, id="utf8"),
        pytest.param("BearerX tok", 401, id="longer_scheme"),
        pytest.param("Basic dXNlcjpwdw==", 401, id="basic"),
        pytest.param("bearer unknown", 401, id="small_letters"),
    ],
)
def test_t19_strange_authorization_headers(
    provider: System, path: str, header: str | bytes | None, status: int
) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = requests.get(provider.url + path, headers=headers)
    expect_json_error(response, status, "invalid_token" if status == 401 else "invalid_request")
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="oauth2"')


def test_t19_scheme_is_not_case_sensitive(provider: System, token: str) -> None:
    for scheme in ("bearer", "BEARER"):
        response = requests.get(
            provider.url + PATHS[0], headers={"Authorization": f"{scheme} {token}"}
        )
        assert response.status_code == 200


def test_t19_token_of_100_kb_is_refused_cleanly(provider: System) -> None:
    """In the body; a header of that size ends in the HTTP server, before Odoo."""
    response = requests.post(provider.url + PATHS[0], data={"access_token": "x" * 100_000})
    expect_json_error(response, 413, "invalid_request")


def test_t03_userinfo_needs_the_openid_scope(visitor: HttpBrowser, web: RelyingParty) -> None:
    value = web.tokens(visitor, scope="profile")["access_token"]
    response = web.userinfo(value)
    expect_json_error(response, 403, "insufficient_scope")
    assert 'scope="openid"' in response.headers["WWW-Authenticate"]


def test_altered_access_token_is_unknown(web: RelyingParty, token: str) -> None:
    for altered in (token[:-1], token + "A", token.swapcase(), token.removeprefix("o2a_")):
        assert not web.accepts(altered)


def test_expired_access_token(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, use_refresh_token=True)
    value = party.tokens(visitor)["access_token"]
    let_pass(provider, 3590, party.application.id)
    assert party.accepts(value)
    let_pass(provider, 10, party.application.id)
    for path in PATHS:
        response = party.userinfo(value, path)
        expect_json_error(response, 401, "invalid_token")
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_expired_token_of_another_odoo(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, "https://o.example/x", security_profile="odoo_login")
    value = odoo_token(visitor, party)
    let_pass(provider, 120, party.application.id)
    expect_json_error(party.userinfo(value, own_path(party)), 401, "invalid_token")


@pytest.mark.parametrize("path", PATHS)
def test_s10_answers_are_not_cached(web: RelyingParty, token: str, path: str) -> None:
    response = web.userinfo(token, path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert "ETag" not in response.headers


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oauth2/jwks"])
def test_s10_public_documents_are_cached(provider: System, path: str) -> None:
    address = provider.url + path
    document = requests.get(address, timeout=TIMEOUT)
    assert document.headers["Cache-Control"].startswith("public, max-age=")
    known = {"If-None-Match": document.headers["ETag"]}
    same = requests.get(address, headers=known, timeout=TIMEOUT)
    assert (same.status_code, same.content) == (304, b"")
