"""The authorization request (attack cases Q01 to Q30, S15)."""

import pytest

from e2e.harness.plain_http import (
    HttpBrowser,
    answer_of,
    consent_form,
    expect_error_page,
)
from e2e.harness.relying_party import RelyingParty, register, told
from e2e.harness.systems import System


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (None, "invalid_request"),
        ("", "invalid_request"),
        ("nonsense", "unsupported_response_type"),
        ("id_token", "unauthorized_client"),
        ("Code", "unsupported_response_type"),
        ("code nonsense", "unsupported_response_type"),
        ("token", "unauthorized_client"),
        ("code token", "unauthorized_client"),
        ("token code", "unauthorized_client"),
    ],
)
def test_q01_response_type_that_the_client_may_not_use(
    visitor: HttpBrowser, web: RelyingParty, value: str | None, error: str
) -> None:
    assert told(visitor, web.parameters(response_type=value))["error"] == error


def test_q01_other_odoo_gets_no_code(visitor: HttpBrowser, odoo: RelyingParty) -> None:
    assert told(visitor, odoo.parameters())["error"] == "unauthorized_client"


@pytest.mark.parametrize("response_mode", ["query", "nonsense"])
def test_token_never_travels_in_the_query(
    visitor: HttpBrowser, odoo: RelyingParty, response_mode: str
) -> None:
    response = visitor.authorize(odoo.implicit_parameters(response_mode=response_mode))
    assert answer_of(response)["error"] == "invalid_request"
    assert "?" not in response.headers["Location"]


def test_q02_flow_cannot_be_changed_once_the_request_was_checked(
    visitor: HttpBrowser, asking: RelyingParty
) -> None:
    page = visitor.authorize(asking.parameters(scope="openid"))
    changed = {
        **asking.implicit_parameters(scope="openid email"),
        "client_id": "other",
        "redirect_uri": "https://evil.example/",
        "state": "changed",
    }
    again = visitor.open(page.url, changed)
    assert 'data-scope="email"' not in again.text
    form = {**changed, **consent_form(again), "consent": "allow"}
    response = visitor.submit("/oauth2/authorize/consent", form)
    assert response.headers["Location"].startswith(asking.redirect_uri + "?")
    answer = answer_of(response)
    assert answer["state"] == "some state"
    assert asking.redeem(answer["code"]).json()["scope"] == "openid"


@pytest.mark.parametrize("scope", [" openid", "openid  email ", "+openid".replace("+", " ")])
def test_q05_spaces_around_scopes_are_tolerated(
    visitor: HttpBrowser, web: RelyingParty, scope: str
) -> None:
    granted = web.tokens(visitor, scope=scope)["scope"]
    assert granted.split() == scope.split()


@pytest.mark.parametrize(
    "scope", ['open"id', "open\\id", "openid\temail", "openid\n", "op\u00e9nid", "openid \x7f"]
)
def test_q05_forbidden_character_in_scope(
    visitor: HttpBrowser, web: RelyingParty, scope: str
) -> None:
    assert told(visitor, web.parameters(scope=scope))["error"] == "invalid_scope"


@pytest.mark.parametrize("scope", ["openid nonsense", "OpenID"])
def test_scope_that_the_client_is_not_registered_for(
    visitor: HttpBrowser, web: RelyingParty, scope: str
) -> None:
    assert told(visitor, web.parameters(scope=scope))["error"] == "invalid_scope"


def test_q09_prompt_none_with_another_value(visitor: HttpBrowser, web: RelyingParty) -> None:
    assert told(visitor, web.parameters(prompt="none login"))["error"] == "invalid_request"


def test_prompt_none_never_shows_a_page(
    visitor: HttpBrowser, stranger: HttpBrowser, asking: RelyingParty, web: RelyingParty
) -> None:
    silent = asking.parameters(prompt="none", scope="openid profile")
    assert told(stranger, silent)["error"] == "login_required"
    assert told(visitor, silent)["error"] == "consent_required"
    assert "code" in told(visitor, web.parameters(prompt="none"))


SCRIPT = "<script>alert('q19')</script>"


def test_q19_markup_is_escaped_on_the_consent_page(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, is_trusted=False)
    provider.run(
        "env['oauth2.provider.client'].browse(id).name = name", id=party.application.id, name=SCRIPT
    )
    page = visitor.authorize(party.parameters())
    assert consent_form(page)
    assert "&lt;script&gt;alert(&#39;q19&#39;)&lt;/script&gt;" in page.text
    assert SCRIPT not in page.text


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "state", "response_type"])
def test_q19_markup_in_a_parameter_never_reaches_a_page(
    visitor: HttpBrowser, web: RelyingParty, name: str
) -> None:
    parameters = web.parameters(**{"redirect_uri": "https://evil.example/", name: SCRIPT})
    response = visitor.authorize(parameters)
    expect_error_page(response)
    assert SCRIPT not in response.text


def test_q19_state_comes_back_as_it_was(visitor: HttpBrowser, web: RelyingParty) -> None:
    state = SCRIPT + "&code=evil#\r\nX-Evil: 1 \u00e9"
    response = visitor.authorize(web.parameters(state=state))
    assert answer_of(response)["state"] == state
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"unknown": "x", "RESOURCE": "https://api.example/"}, id="q20"),
        pytest.param({"ui_locales": "xx-YY !!", "display": "nonsense"}, id="q30_ui"),
        pytest.param({"claims_locales": "%%", "acr_values": "\u0001"}, id="q30_claims"),
        pytest.param(
            {"nonce": "n", "max_age": "3600", "login_hint": "' OR 1=1 --"}, id="q30_openid"
        ),
    ],
)
def test_q20_unknown_parameters_are_ignored(
    visitor: HttpBrowser, web: RelyingParty, extra: dict[str, str]
) -> None:
    assert "code" in told(visitor, web.parameters(**extra))


def test_q21_s15_every_answer_names_the_issuer_once(
    visitor: HttpBrowser, asking: RelyingParty, odoo: RelyingParty
) -> None:
    """`answer_of` fails on a repeated parameter, `told` on a wrong issuer."""
    told(visitor, asking.parameters(scope="nonsense"))
    told(visitor, odoo.implicit_parameters())
    denied = visitor.decide(visitor.authorize(asking.parameters()), "deny")
    assert answer_of(denied)["iss"] == visitor.base
    forged = told(visitor, asking.parameters(iss="https://evil.example", response_type="nonsense"))
    assert forged["iss"] == visitor.base


def test_q22_pages_cannot_be_framed_nor_read_by_other_sites(
    visitor: HttpBrowser, asking: RelyingParty
) -> None:
    origin = {"Origin": "https://evil.example"}
    consent = visitor.open("/oauth2/authorize", asking.parameters(), headers=origin)
    error = visitor.open("/oauth2/authorize", {"client_id": "unknown"}, headers=origin)
    start_again = visitor.open("/oauth2/authorize/continue", {"rid": "x"}, headers=origin)
    for page in (consent, error, start_again):
        assert page.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert not [name for name in page.headers if name.startswith("Access-Control-")]


def test_q29_request_by_post_works_like_get(visitor: HttpBrowser, web: RelyingParty) -> None:
    assert "code" in answer_of(visitor.authorize(web.parameters(), method="POST"))


def test_q29_parameters_are_read_from_one_place(visitor: HttpBrowser, web: RelyingParty) -> None:
    response = visitor.send("POST", "/oauth2/authorize", params=web.parameters(), data={"x": "y"})
    expect_error_page(response)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE"])
def test_other_methods_issue_nothing(visitor: HttpBrowser, web: RelyingParty, method: str) -> None:
    response = visitor.send(method, "/oauth2/authorize", params=web.parameters())
    assert response.status_code in (400, 405)
    assert "Location" not in response.headers
    page = visitor.send("GET", "/oauth2/authorize", params=web.parameters())
    going_on = visitor.send(method, page.headers["Location"])
    assert going_on.status_code in (400, 405)
    assert "Location" not in going_on.headers


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        pytest.param("nobody", "unknown client_id 'nobody'", id="unknown"),
        pytest.param(None, "client_id is missing", id="missing"),
        pytest.param("<script>", "unknown client_id '<script>'", id="markup"),
    ],
)
def test_unknown_client_tells_the_person_and_the_administrator(
    provider: System, visitor: HttpBrowser, web: RelyingParty, sent: str | None, seen: str
) -> None:
    response = visitor.authorize(web.parameters(client_id=sent))
    expect_error_page(response)
    detail = provider.run(
        "result = env['oauth2.provider.event'].search("
        "[('event_type', '=', 'authorization_refused')], limit=1).detail"
    )
    assert seen in detail
