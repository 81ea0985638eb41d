"""Request objects, by value and by reference (RFC 9101, OpenID Connect Core §6)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import client_key, jwk, jwk_set, signed
from fakes.clock import START
from fakes.openid import OPENID_CLIENT, openid_request
from fakes.proofs import with_header
from fakes.provider import ISSUER, Provider
from fakes.wire import code_exchange, code_request, error_of, fragment_of, query_of, tokens_of
from protocol import outbound_throttle
from protocol.entities.resource import Resource
from protocol.jose.algorithms import encode
from protocol.messages import Response
from protocol.security_profiles import PROFILES

ALL_KEYS = jwk_set(jwk("ES256"), jwk("RS256", alg=None), jwk("EdDSA"))
CLIENT = replace(OPENID_CLIENT, jwks=ALL_KEYS)
STRICT = replace(
    CLIENT,
    security_profile="oauth21",
    response_types=frozenset({"code"}),
    require_signed_request_object=True,
)
REQUEST_URI = "https://app.example.com/request.jwt"


@pytest.fixture
def provider() -> Provider:
    provider = Provider(CLIENT)
    provider.log_in()
    return provider


@pytest.fixture
def strict() -> Provider:
    provider = Provider(STRICT)
    provider.log_in()
    return provider


def claims(**changes: Any) -> dict[str, Any]:
    """The object of ``openid_request``; a claim changed to None is left out."""
    values: dict[str, Any] = {**openid_request(), "iss": "web", "aud": ISSUER} | changes
    return {name: value for name, value in values.items() if value is not None}


def strict_claims(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        **code_request(),
        "iss": "web",
        "aud": ISSUER,
        "nbf": START,
        "exp": START + 300,
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def unsigned(content: dict[str, Any]) -> str:
    header, payload = ({"alg": "none"}, content)
    parts = (encode(json.dumps(part).encode()) for part in (header, payload))
    return ".".join(parts) + "."


OUTSIDE = {"client_id": "web", "response_type": "code", "scope": "openid"}


def ask(provider: Provider, token: str, **outside: str) -> Response:
    return provider.ask(OUTSIDE | outside | {"request": token})


def accept(provider: Provider, response: Response) -> dict[str, str]:
    """What the client gets after the person said yes."""
    assert response.location is not None, response
    assert "rid" in query_of(response), response
    answer = provider.decide(query_of(response)["rid"])
    return query_of(answer) | fragment_of(answer)


def test_values_of_the_object_win(provider: Provider) -> None:
    """The outer redirect_uri is not even looked at."""
    response = ask(
        provider,
        signed(claims(state="inner", scope="openid email")),
        state="outer",
        redirect_uri="https://evil.example/cb",
        scope="openid profile",
    )
    answer = accept(provider, response)
    assert answer["state"] == "inner"
    form = code_exchange(answer["code"])
    del form["code_verifier"]
    assert tokens_of(provider.post_token(form))["scope"] == "openid email"


def test_what_stands_beside_it_completes_it(provider: Provider) -> None:
    token = signed(claims(redirect_uri=None, state=None))
    outside = {"redirect_uri": "https://app.example.com/cb", "state": "outer"}
    assert accept(provider, ask(provider, token, **outside))["state"] == "outer"


def test_post_works_like_get(provider: Provider) -> None:
    response = provider.ask(OUTSIDE | {"request": signed(claims())}, method="POST")
    assert "code" in accept(provider, response)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_algorithms(provider: Provider, algorithm: str) -> None:
    assert "code" in accept(provider, ask(provider, signed(claims(), algorithm)))
    provider.change_client(request_object_signing_alg=algorithm)
    assert "code" in accept(provider, ask(provider, signed(claims(), algorithm)))
    other = "ES256" if algorithm != "ES256" else "EdDSA"
    assert error_of(ask(provider, signed(claims(), other))) == "invalid_request_object"


@pytest.mark.parametrize("typ", ["JWT", "oauth-authz-req+jwt", None])
def test_types(provider: Provider, typ: str | None) -> None:
    assert "code" in accept(provider, ask(provider, signed(claims(), typ=typ)))


def test_parameters_that_are_no_texts(provider: Provider) -> None:
    token = signed(
        claims(
            max_age=600,
            claims={"id_token": {"auth_time": {"essential": True}}},
            resource=["https://api.example.com"],
            login_hint=True,
        )
    )
    provider.resources.resources.append(Resource("https://api.example.com"))
    provider.log_in(auth_time=START - 601)
    rid = query_of(ask(provider, token))["rid"]
    response = provider.go_on(rid)
    assert response.page is not None
    assert response.page.name == "reauthenticate"
    (stored,) = provider.store.requests.values()
    assert json.loads(stored.parameters.get("claims") or "")["id_token"]
    assert stored.parameters.all("resource") == ("https://api.example.com",)
    assert stored.parameters.get("login_hint") == "true"
    assert stored.parameters.get("client_id") == "web"
    assert not stored.parameters.names() & {"request", "iss", "aud", "exp"}


@pytest.mark.parametrize(
    "content",
    [
        claims(iss="other"),
        claims(aud="https://other.example"),
        claims(exp=START),
        claims(nbf=START + 61),
        claims(exp="1800000000"),
        claims(exp=1.8e9),
        claims(exp=2**70),
        claims(aud=[ISSUER, 1]),
        claims(client_id="other"),
        claims(response_type="code id_token"),
        claims(sub="web"),
        claims(scope=["openid"]),
        claims(state={"a": 1}),
        claims(max_age=1.5),
        claims(resource=[["https://api.example.com"]]),
        b'{"state": "a", "state": "b"}',
        b'{"max_age": NaN}',
        b"[1]",
        b"no JSON",
    ],
    ids=str,
)
def test_j04_j22_wrong_content(provider: Provider, content: dict[str, Any] | bytes) -> None:
    response = ask(provider, signed(content), redirect_uri="https://app.example.com/cb", state="o")
    assert error_of(response) == "invalid_request_object"


@pytest.mark.parametrize("nbf", [START - 4000, START + 8])
def test_clocks_may_differ(provider: Provider, nbf: int) -> None:
    assert "code" in accept(provider, ask(provider, signed(claims(nbf=nbf))))


def test_j04_signed_by_somebody_else(provider: Provider) -> None:
    token = signed(claims(), key=client_key("ES256", "stranger"))
    assert error_of(ask(provider, token)) == "invalid_request_object"
    named = signed(
        claims(), key=client_key("ES256", "stranger"), kid=client_key("ES256").public.kid
    )
    assert error_of(ask(provider, named)) == "invalid_request_object"
    provider.change_client(jwks=None)
    assert error_of(ask(provider, signed(claims()))) == "invalid_request_object"


def test_j08_j09_headers_that_must_not_be_believed(provider: Provider) -> None:
    stranger = client_key("ES256", "stranger")
    for header in (
        {"crit": ["exp"], "exp": START + 60},
        {"b64": False},
        {"jwk": dict(stranger.public.jwk)},
        {"x5c": ["AAAA"]},
        {"jku": "https://evil.example/jwks"},
        {"typ": "at+jwt"},
    ):
        token = signed(claims(), key=stranger if "typ" not in header else None, **header)
        assert error_of(ask(provider, token)) == "invalid_request_object"
    assert not provider.internet.fetched


def test_j10_unsigned(provider: Provider) -> None:
    response = ask(provider, unsigned(claims()), redirect_uri="https://evil.example/cb")
    assert error_of(response) == "request_not_supported"
    assert response.location is not None
    assert response.location.startswith("https://app.example.com/cb?")
    assert query_of(response)["state"] == "st"
    token = signed(claims())
    for name in ("None", "nOnE", "HS256", "", None):
        changed = with_header(token, alg=name)
        assert error_of(ask(provider, changed)) == "invalid_request_object"
    without_signature = token.rpartition(".")[0] + "."
    assert error_of(ask(provider, without_signature)) == "invalid_request_object"


@pytest.mark.parametrize(
    "token",
    ["a.b", "a.b.c.d.e", ".".join(["e30"] * 5), "x" * 20000, '{"payload": "e30"}', "a.b.c", "..."],
    ids=lambda token: token[:12],
)
def test_j03_j14_j23_no_signed_token_in_compact_form(provider: Provider, token: str) -> None:
    assert error_of(ask(provider, token)) == "invalid_request_object"


def test_j06_two_at_once(provider: Provider) -> None:
    provider.change_client(request_uris=(REQUEST_URI,))
    provider.internet.publish(REQUEST_URI, signed(claims()))
    response = ask(provider, signed(claims()), request_uri=REQUEST_URI)
    assert error_of(response) == "invalid_request"
    for inner in ({"request": signed(claims())}, {"request_uri": REQUEST_URI}):
        assert error_of(ask(provider, signed(claims(**inner)))) == "invalid_request"
    assert not provider.internet.fetched


def test_refusals_go_to_a_registered_address_alone(provider: Provider) -> None:
    wrong = signed(claims(exp=1, state="inner"))
    inside = ask(provider, wrong, redirect_uri="https://evil.example/cb", state="outer")
    assert query_of(inside)["state"] == "inner"
    evil = signed(claims(exp=1, redirect_uri="https://evil.example/cb"))
    assert ask(provider, evil).page is not None
    outside = ask(provider, evil, redirect_uri="https://app.example.com/cb", state="outer")
    assert outside.location is not None
    assert outside.location.startswith("https://app.example.com/cb?")
    assert ask(provider, evil, redirect_uri="https://evil.example/cb").page is not None
    evil = signed(claims(redirect_uri="https://evil.example/cb"))
    assert ask(provider, evil, redirect_uri="https://app.example.com/cb").page is not None


def test_refusals_of_implicit_requests_go_into_the_fragment(provider: Provider) -> None:
    wrong = signed(claims(exp=1, response_type="id_token"))
    response = ask(provider, wrong, response_type="id_token")
    assert fragment_of(response)["error"] == "invalid_request_object"
    assert not query_of(response)


# Clients for which only the object counts (RFC 9101 §6.3)


def test_only_the_object_counts(strict: Provider) -> None:
    token = signed(strict_claims(state=None))
    answer = accept(strict, ask(strict, token, state="outer", prompt="none login"))
    assert "state" not in answer
    token = signed(strict_claims(code_challenge=None))
    challenge = code_request()["code_challenge"]
    response = ask(
        strict, token, code_challenge=challenge, redirect_uri="https://app.example.com/cb"
    )
    assert error_of(response) == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"nbf": None},
        {"iss": None},
        {"aud": None},
        {"client_id": None},
        {"aud": "https://other.example"},
        {"nbf": START - 3601},
        {"exp": START + 3601},
        {"nbf": START + 61, "exp": START + 100},
    ],
    ids=str,
)
def test_j04_what_a_strict_object_needs(strict: Provider, changes: dict[str, Any]) -> None:
    response = ask(strict, signed(strict_claims(**changes)))
    assert error_of(response) == "invalid_request_object"


def test_j04_replayed(strict: Provider) -> None:
    token = signed(strict_claims(jti="once"))
    assert "code" in accept(strict, ask(strict, token))
    assert error_of(ask(strict, token)) == "invalid_request_object"


def test_a_plain_request_is_refused(strict: Provider) -> None:
    assert query_of(strict.ask(code_request()))["error"] == "invalid_request"
    assert error_of(strict.push(code_request())) == "invalid_request"
    assert error_of(ask(strict, unsigned(strict_claims()))) == "invalid_request_object"


# Pushed (RFC 9126 §3)


def test_pushed(strict: Provider) -> None:
    response = strict.push({"request": signed(strict_claims()), "scope": "profile"})
    assert response.status == 201, response
    assert response.json is not None
    visit = strict.ask({"client_id": "web", "request_uri": response.json["request_uri"]})
    assert accept(strict, visit)["state"] == "st"


@pytest.mark.parametrize("by_profile", [True, False])
def test_pushed_errors(strict: Provider, monkeypatch: pytest.MonkeyPatch, by_profile: bool) -> None:
    if by_profile:
        profile = replace(PROFILES["oauth21"], requires_par=True)
        monkeypatch.setitem(PROFILES, "oauth21", profile)
        strict.change_client(require_signed_request_object=False)
    for form, error in (
        ({"request": signed(strict_claims(exp=None))}, "invalid_request_object"),
        ({"request": unsigned(strict_claims())}, "invalid_request_object"),
        ({"request": signed(strict_claims(client_id="other"))}, "invalid_request_object"),
        ({"request": signed(strict_claims()), "request_uri": REQUEST_URI}, "invalid_request"),
        ({"request": signed(strict_claims(request_uri=REQUEST_URI))}, "invalid_request"),
        ({"request": signed(strict_claims(redirect_uri="https://x/"))}, "invalid_request"),
    ):
        response = strict.push(form)
        assert (response.status, error_of(response)) == (400, error)
    assert not strict.store.requests


def test_t05_an_assertion_is_no_request(strict: Provider) -> None:
    token = signed(strict_claims(sub="web"))
    assert error_of(ask(strict, token)) == "invalid_request_object"


def test_algorithms_of_the_profile(strict: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = replace(PROFILES["oauth21"], signing_algorithms=frozenset({"PS256", "ES256"}))
    monkeypatch.setitem(PROFILES, "oauth21", profile)
    assert strict.push({"request": signed(strict_claims(), "PS256")}).status == 201
    refused = strict.push({"request": signed(strict_claims(), "RS256")})
    assert error_of(refused) == "invalid_request_object"


# By reference (OpenID Connect Core §6.2)


def by_reference(provider: Provider, request_uri: str, **outside: str) -> Response:
    return provider.ask(OUTSIDE | outside | {"request_uri": request_uri})


def test_by_reference(provider: Provider) -> None:
    provider.change_client(request_uris=(REQUEST_URI + "#first",))
    provider.internet.publish(REQUEST_URI, signed(claims(state="inner")) + "\n", content_type="x/y")
    for sent in (REQUEST_URI + "#first", REQUEST_URI + "#second", REQUEST_URI):
        assert accept(provider, by_reference(provider, sent, state="outer"))["state"] == "inner"
    assert len(provider.internet.fetched) == 3


@pytest.mark.parametrize(
    "request_uri",
    [
        "https://app.example.com/other.jwt",
        "https://app.example.com/request.jwt?x=1",
        "https://app.example.com/request.jwt/",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "urn:example:request",
    ],
)
def test_j07_only_registered_addresses_are_fetched(provider: Provider, request_uri: str) -> None:
    provider.change_client(request_uris=(REQUEST_URI,))
    response = by_reference(provider, request_uri, redirect_uri="https://app.example.com/cb")
    assert query_of(response)["error"] == "invalid_request_uri"
    assert not provider.internet.fetched


@pytest.mark.parametrize("body", ["", "  ", "x" * 20000, "\N{SNOWMAN}", None])
def test_what_cannot_be_an_object(provider: Provider, body: str | None) -> None:
    provider.change_client(request_uris=(REQUEST_URI,))
    if body is not None:
        provider.internet.publish(REQUEST_URI, body)
    response = by_reference(provider, REQUEST_URI)
    assert error_of(response) == "invalid_request_uri"
    assert response.page is not None


def test_d21_fetches_of_one_address_are_limited(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound_throttle, "CALLER_FAILURE_LIMIT", 2)
    provider.change_client(request_uris=(REQUEST_URI,))
    for _request in range(2):
        assert error_of(by_reference(provider, REQUEST_URI)) == "invalid_request_uri"
    response = by_reference(provider, REQUEST_URI)
    assert (error_of(response), response.status) == ("temporarily_unavailable", 503)
    assert ("Retry-After", "60") in response.headers
    assert len(provider.internet.fetched) == 2
    sent = by_reference(provider, REQUEST_URI, redirect_uri="https://app.example.com/cb")
    assert query_of(sent)["error"] == "temporarily_unavailable"


def test_d21_few_objects_are_fetched_at_a_time(provider: Provider) -> None:
    provider.change_client(request_uris=(REQUEST_URI,))
    provider.internet.publish(REQUEST_URI, signed(claims(state="inner")))
    provider.places.taken["outbound request_uri"] = 4
    assert error_of(by_reference(provider, REQUEST_URI)) == "temporarily_unavailable"
    assert not provider.internet.fetched
    provider.places.taken["outbound request_uri"] = 3
    accept(provider, by_reference(provider, REQUEST_URI))


def test_a_page_in_place_of_an_object(provider: Provider) -> None:
    provider.change_client(request_uris=(REQUEST_URI,))
    provider.internet.publish(REQUEST_URI, "<html>")
    assert error_of(by_reference(provider, REQUEST_URI)) == "invalid_request_object"
    document = provider.internet.documents[REQUEST_URI]
    provider.internet.documents[REQUEST_URI] = replace(document, status=302)
    assert error_of(by_reference(provider, REQUEST_URI)) == "invalid_request_uri"


def test_an_unsigned_object_by_reference(provider: Provider) -> None:
    provider.change_client(request_uris=(REQUEST_URI,))
    provider.internet.publish(REQUEST_URI, unsigned(claims()))
    response = by_reference(provider, REQUEST_URI)
    assert query_of(response)["error"] == "request_uri_not_supported"


def test_strict_by_reference(strict: Provider) -> None:
    strict.change_client(request_uris=(REQUEST_URI,))
    strict.internet.publish(REQUEST_URI, signed(strict_claims()))
    assert "code" in accept(strict, by_reference(strict, REQUEST_URI))


def test_registration_is_not_supported(provider: Provider) -> None:
    response = provider.ask(openid_request(registration="{}"))
    assert error_of(response) == "registration_not_supported"
