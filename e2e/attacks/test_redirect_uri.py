"""Redirect addresses: only what is registered, byte for byte (attack cases R01 to R28)."""

from urllib.parse import urlsplit

import pytest

from e2e.harness.plain_http import HttpBrowser, answer_of, expect_error_page, input_value
from e2e.harness.relying_party import REDIRECT_URI, RelyingParty, register
from e2e.harness.systems import System

LOOPBACK = "http://127.0.0.1/callback"


def refused(browser: HttpBrowser, party: RelyingParty, redirect_uri: str | None) -> None:
    expect_error_page(browser.authorize(party.parameters(redirect_uri=redirect_uri)))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("https://client.example.evil.com/callback", id="r01_longer_host"),
        pytest.param("https://evil.com/callback", id="r01_other_host"),
        pytest.param("https://client.example@evil.com/callback", id="r01_host_as_user"),
        pytest.param("https://user@client.example/callback", id="r01_user"),
        pytest.param("https://client.example:8443/callback", id="r01_port"),
        pytest.param(REDIRECT_URI + "/../evil", id="r02_dots"),
        pytest.param(REDIRECT_URI + "/%2e%2e/evil", id="r02_encoded_dots"),
        pytest.param(REDIRECT_URI + "/..%2Fevil", id="r02_encoded_slash"),
        pytest.param(REDIRECT_URI + "/%252f..%252f..%252fevil", id="r02_encoded_twice"),
        pytest.param("https://client.example/x/../callback", id="r02_dots_to_the_same"),
        pytest.param("https://client.example/%63allback", id="r02_encoded_letter"),
        pytest.param(REDIRECT_URI + "/..;/evil", id="r03_dots_as_parameter"),
        pytest.param(REDIRECT_URI + ";x=1", id="r03_path_parameter"),
        pytest.param(REDIRECT_URI + "/", id="r03_slash"),
        pytest.param(REDIRECT_URI + "/evil", id="r03_longer_path"),
        pytest.param("https://client.example/call", id="r03_shorter_path"),
        pytest.param(REDIRECT_URI + "?next=https://evil.com", id="r05_added_query"),
        pytest.param(REDIRECT_URI + "?", id="r05_empty_query"),
        pytest.param(REDIRECT_URI + "#x", id="r07_fragment"),
        pytest.param(REDIRECT_URI + "#", id="r07_empty_fragment"),
        pytest.param("https://CLIENT.example/callback", id="r08_host_case"),
        pytest.param("HTTPS://client.example/callback", id="r08_scheme_case"),
        pytest.param("https://client.example/Callback", id="r08_path_case"),
        pytest.param("http://client.example/callback", id="r08_http"),
        pytest.param(" " + REDIRECT_URI, id="r08_space"),
        pytest.param(REDIRECT_URI + "\n", id="r08_newline"),
        pytest.param("https://clientaexample/callback", id="r14_dot_is_a_dot"),
        pytest.param("https://*/callback", id="r14_wildcard"),
        pytest.param("javascript:alert(1)", id="r13_javascript"),
        pytest.param("data:text/html,x", id="r13_data"),
        pytest.param("https://[not-an-ip]/callback", id="r24_bad_ipv6"),
        pytest.param("https://[" + "0:" * 5000 + "]/callback", id="r24_long_ipv6"),
        pytest.param("//client.example/callback", id="r22_no_scheme"),
        pytest.param("https://cl\u0456ent.example/callback", id="r28_homograph"),
        pytest.param("https://xn--clent-9uf.example/callback", id="r28_punycode"),
        pytest.param(REDIRECT_URI + "\0", id="nul"),
    ],
)
def test_unregistered_redirect_uri_gets_an_error_page(
    visitor: HttpBrowser, web: RelyingParty, sent: str
) -> None:
    # By POST, since no server takes an address of 40 kB.
    expect_error_page(visitor.authorize(web.parameters(redirect_uri=sent), method="POST"))


@pytest.mark.parametrize("scheme", ["javascript", "data", "vbscript", "blob", "file", "about"])
def test_r13_no_form_is_posted_to_what_runs_in_the_browser(
    visitor: HttpBrowser, web: RelyingParty, scheme: str
) -> None:
    sent = web.parameters(redirect_uri=f"{scheme}:x", response_mode="form_post")
    response = visitor.authorize(sent)
    expect_error_page(response)
    assert f"{scheme}:x" not in response.text


def test_registered_redirect_uri_is_accepted(visitor: HttpBrowser, web: RelyingParty) -> None:
    response = visitor.authorize(web.parameters())
    assert response.headers["Location"].startswith(REDIRECT_URI + "?code=")


def test_r06_registered_query_is_kept_and_may_not_change(
    provider: System, visitor: HttpBrowser
) -> None:
    uri = "https://client.example/callback?tenant=a&x=%2F+1"
    party = register(provider, uri)
    response = visitor.authorize(party.parameters())
    assert response.headers["Location"].startswith(uri + "&code=")
    assert answer_of(response)["tenant"] == "a"
    for sent in (
        "https://client.example/callback",
        "https://client.example/callback?x=%2F+1&tenant=a",
        "https://client.example/callback?tenant=b&x=%2F+1",
        "https://client.example/callback?tenant=a&x=/+1",
        uri + "&y=1",
    ):
        refused(visitor, party, sent)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_r09_r10_r24_native_application_may_use_any_loopback_port(
    provider: System, visitor: HttpBrowser, host: str
) -> None:
    party = register(provider, f"http://{host}/callback", application_type="native")
    for sent in (f"http://{host}/callback", f"http://{host}:51234/callback"):
        page = visitor.authorize(party.parameters(redirect_uri=sent))
        assert 'id="oauth2_consent"' in page.text
        response = visitor.decide(page, "allow")
        assert response.headers["Location"].startswith(sent + "?code=")


@pytest.mark.parametrize(
    "sent",
    [
        "http://attacker@127.0.0.1:99/callback",
        "http://127.0.0.1.evil.com:99/callback",
        "http://127.0.0.1:99@evil.com/callback",
        "http://127.0.0.1:99/other",
        "http://127.0.0.1:99/callback/../other",
        "http://127.0.0.1:99/callback?x=1",
        "http://127.0.0.1:99/callback#x",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:999999/callback",
        "http://127.0.0.1:99\\@evil.com/callback",
        "http://127.0.0.2:99/callback",
        "http://2130706433:99/callback",
        "http://localhost:99/callback",
        "https://127.0.0.1:99/callback",
    ],
)
def test_r11_loopback_port_smuggles_nothing(
    visitor: HttpBrowser, native: RelyingParty, sent: str
) -> None:
    refused(visitor, native, sent)


def test_r09_web_application_may_not_use_any_port(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, "http://127.0.0.1:8000/callback", local_development=True)
    assert "code" in answer_of(visitor.authorize(party.parameters()))
    refused(visitor, party, "http://127.0.0.1:8001/callback")


def test_r12_address_that_came_in_by_another_way_is_refused_at_the_request(
    provider: System, visitor: HttpBrowser
) -> None:
    party = register(provider, LOOPBACK, local_development=True)
    provider.run(
        "env.cr.execute('UPDATE oauth2_provider_client SET local_development = false WHERE id = %s', [id])",
        id=party.application.id,
    )
    refused(visitor, party, LOOPBACK)


def test_r15_nothing_is_learned_from_a_request(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider)
    provider.run(
        "env['oauth2.provider.redirect.uri'].search([('client_id', '=', id)]).unlink()",
        id=party.application.id,
    )
    for _attempt in range(2):
        refused(visitor, party, REDIRECT_URI)
    refused(visitor, party, None)


def test_r16_redirect_uri_may_be_left_out_only_without_choice_and_without_openid(
    provider: System, visitor: HttpBrowser
) -> None:
    party = register(provider)
    refused(visitor, party, None)
    answer = answer_of(visitor.authorize(party.parameters(redirect_uri=None, scope="profile")))
    assert party.redeem(answer["code"], redirect_uri=None).status_code == 200
    provider.run(
        "env['oauth2.provider.redirect.uri'].create({'client_id': id, 'uri': 'https://b.example/'})",
        id=party.application.id,
    )
    expect_error_page(visitor.authorize(party.parameters(redirect_uri=None, scope="profile")))


@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": "nonsense"},
        {"response_type": None},
        {"scope": "nonsense"},
        {"scope": '"'},
        {"code_challenge": None},
        {"prompt": "none login"},
        {"response_mode": "nonsense"},
    ],
)
def test_r20_other_errors_do_not_redirect_to_an_unregistered_address(
    visitor: HttpBrowser, web: RelyingParty, changes: dict[str, str | None]
) -> None:
    parameters = web.parameters(redirect_uri="https://evil.example/", **changes)
    expect_error_page(visitor.authorize(parameters))


@pytest.mark.parametrize("name", ["redirect_uri", "client_id", "state", "scope", "unknown"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_r21_repeated_parameter_gets_an_error_page(
    visitor: HttpBrowser, web: RelyingParty, name: str, method: str
) -> None:
    pairs = list(web.parameters(unknown="x").items())
    pairs.append((name, dict(pairs)[name]))
    expect_error_page(visitor.authorize(pairs, method))


def test_r22_who_logs_in_stays_on_this_site(stranger: HttpBrowser, web: RelyingParty) -> None:
    page = stranger.authorize(
        [*web.parameters().items(), ("redirect", "//evil.example"), ("next", "//evil.example")]
    )
    assert input_value(page, "redirect").startswith("/oauth2/authorize/continue?rid=")
    for handle in ("//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example"):
        response = stranger.send("GET", "/oauth2/authorize/continue", params={"rid": handle})
        assert response.status_code == 400
        assert "Location" not in response.headers


def test_r27_redirect_after_a_form_does_not_repeat_the_form(
    visitor: HttpBrowser, asking: RelyingParty
) -> None:
    page = visitor.authorize(asking.parameters(), method="POST")
    response = visitor.decide(page, "allow")
    assert response.status_code == 303
    assert urlsplit(response.headers["Location"]).netloc == "client.example"


def test_r28_consent_shows_the_host_as_bytes(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, "https://xn--clent-9uf.example/callback", is_trusted=False)
    page = visitor.authorize(party.parameters())
    assert ">xn--clent-9uf.example<" in page.text


def test_event_tells_the_administrator_what_was_sent_and_what_is_registered(
    provider: System, visitor: HttpBrowser
) -> None:
    """Of an application of its own: the refusals of one that is refused all the time are counted, not told."""
    party = register(provider)
    refused(visitor, party, "https://evil.example/r01-event")
    detail = provider.run(
        "result = env['oauth2.provider.event'].search("
        "[('event_type', '=', 'authorization_refused'), ('client_id', '=', client)], limit=1).detail",
        client=party.application.id,
    )
    assert "https://evil.example/r01-event" in detail
    assert REDIRECT_URI in detail
