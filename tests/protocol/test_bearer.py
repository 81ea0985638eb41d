"""Bearer tokens in requests (RFC 6750 §2 and §3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.bearer import PresentedToken, bearer_error, presented_token
from protocol.errors import OAuthError
from protocol.messages import Parameters, Request
from protocol.request_checks import FORM


def header(value: str) -> Request:
    return Request("GET", headers={"authorization": value})


def form(*pairs: tuple[str, str], method: str = "POST", mimetype: str = FORM) -> Request:
    return Request(method, form=Parameters(pairs), mimetype=mimetype)


def query(*pairs: tuple[str, str]) -> Request:
    return Request("GET", query=Parameters(pairs))


def token_in(request: Request, *, accept_query: bool = False) -> str:
    return presented_token(request, accept_query=accept_query).secret


def refusal(request: Request, *, accept_query: bool = False) -> OAuthError:
    with pytest.raises(OAuthError) as caught:
        presented_token(request, accept_query=accept_query)
    return caught.value


@pytest.mark.parametrize("value", ["Bearer abc", "bearer abc", "BEARER   abc"])
def test_t19_the_scheme_in_any_case(value: str) -> None:
    assert presented_token(header(value), accept_query=False) == PresentedToken("abc", "Bearer")


def test_the_whole_token_alphabet() -> None:
    assert token_in(header("Bearer aZ09-._~+/==")) == "aZ09-._~+/=="


def test_t19_a_very_long_token_is_only_a_token() -> None:
    assert token_in(header("Bearer " + "a" * 100_000)) == "a" * 100_000


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer a b", "Bearer é", "Bearer a\n"])
def test_t19_malformed_header(value: str) -> None:
    error = refusal(header(value))
    assert (error.code, error.status) == ("invalid_request", 400)


@pytest.mark.parametrize("value", ["", "BearerX tok", "Basic abc", "DPoPX abc", "Bearer\tabc"])
def test_t19_other_schemes_are_no_token(value: str) -> None:
    error = refusal(header(value))
    assert (error.code, error.status) == ("invalid_token", 401)


def test_rfc6750_3_1_without_credentials_the_challenges_are_bare() -> None:
    bare = ("WWW-Authenticate", 'Bearer realm="oauth2"')
    dpop = ("WWW-Authenticate", 'DPoP realm="oauth2", algs="PS256 ES256 EdDSA"')
    assert refusal(Request("GET")).headers == (bare, dpop)
    with pytest.raises(OAuthError) as caught:
        presented_token(Request("GET"), accept_query=False, accept_dpop=False)
    assert caught.value.headers == (bare,)


@pytest.mark.parametrize("value", ["DPoP abc", "dpop abc", "DPOP   abc"])
def test_rfc9449_7_1_the_scheme_dpop_in_any_case(value: str) -> None:
    assert presented_token(header(value), accept_query=False) == PresentedToken("abc", "DPoP")


def test_where_dpop_is_off_its_scheme_is_unknown() -> None:
    with pytest.raises(OAuthError) as caught:
        presented_token(header("DPoP abc"), accept_query=False, accept_dpop=False)
    assert caught.value.description == "No access token was sent."


def test_rfc9449_7_1_the_challenge_names_the_algorithms() -> None:
    error = bearer_error("invalid_dpop_proof", scheme="DPoP")
    assert error.status == 401
    assert error.headers[0][1].startswith('DPoP realm="oauth2", algs="PS256 ES256 EdDSA", error=')


def test_token_in_the_form() -> None:
    assert token_in(form(("access_token", "abc"))) == "abc"


def test_the_form_counts_only_in_a_posted_form() -> None:
    for request in (
        form(("access_token", "abc"), method="GET"),
        form(("access_token", "abc"), mimetype="text/plain"),
    ):
        assert refusal(request).code == "invalid_token"


def test_t04_token_in_the_query() -> None:
    request = query(("access_token", "abc"))
    assert refusal(request).code == "invalid_request"
    assert token_in(request, accept_query=True) == "abc"


def test_t04_two_places_or_two_tokens() -> None:
    both = Request(
        "POST",
        headers={"authorization": "Bearer abc"},
        form=Parameters((("access_token", "abc"),)),
        mimetype=FORM,
    )
    assert refusal(both).code == "invalid_request"
    assert refusal(form(("access_token", "a"), ("access_token", "b"))).code == "invalid_request"
    twice = query(("access_token", "a"), ("access_token", "b"))
    assert refusal(twice, accept_query=True).code == "invalid_request"


def test_rfc6750_3_the_challenge_names_error_and_scope() -> None:
    error = bearer_error("insufficient_scope", scope="openid")
    assert error.status == 403
    assert error.headers == (
        (
            "WWW-Authenticate",
            'Bearer realm="oauth2", error="insufficient_scope", '
            'error_description="The access token lacks the needed scope.", scope="openid"',
        ),
    )
    assert "scope=" not in bearer_error("invalid_token").headers[0][1]


TEXT = st.text(max_size=30)
PAIRS = st.lists(st.tuples(st.sampled_from(["access_token", "x"]), TEXT), max_size=3).map(tuple)


@given(
    st.one_of(st.none(), TEXT, TEXT.map("Bearer {}".format)),
    PAIRS,
    PAIRS,
    st.sampled_from(["GET", "POST"]),
    st.booleans(),
)
def test_any_request_has_one_token_or_a_refusal(
    value: str | None,
    in_query: tuple[tuple[str, str], ...],
    in_form: tuple[tuple[str, str], ...],
    method: str,
    accept_query: bool,
) -> None:
    request = Request(
        method,
        headers={} if value is None else {"authorization": value},
        query=Parameters(in_query),
        form=Parameters(in_form),
        mimetype=FORM,
    )
    try:
        token = token_in(request, accept_query=accept_query)
    except OAuthError as error:
        assert error.code in ("invalid_request", "invalid_token")
    else:
        assert token
