"""The public documents: metadata (OpenID Connect Discovery §3, RFC 8414) and keys (RFC 7517)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from protocol.messages import Request, Response
from protocol.settings import Settings

DISCOVERY = "/.well-known/openid-configuration"
METADATA = "/.well-known/oauth-authorization-server"


def get(provider: Provider, endpoint: str, path: str = "", **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return provider.server.handle(endpoint, Request("GET", path=path, headers=sent))


def metadata(provider: Provider) -> Mapping[str, Any]:
    document = get(provider, "discovery", DISCOVERY).json
    assert document is not None
    return document


def test_members(provider: Provider) -> None:
    document = metadata(provider)
    assert document["issuer"] == ISSUER
    assert document["token_endpoint"] == f"{ISSUER}/oauth2/token"
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["request_parameter_supported"] is True
    assert document["request_uri_parameter_supported"] is True
    assert document["require_request_uri_registration"] is True
    assert "none" not in document["request_object_signing_alg_values_supported"]
    assert set(document["response_types_supported"]) == {
        "code",
        "token",
        "id_token",
        "id_token token",
        "code id_token",
        "code token",
        "code id_token token",
    }
    assert set(document["response_modes_supported"]) == {
        *("query", "fragment", "form_post"),
        *("jwt", "query.jwt", "fragment.jwt", "form_post.jwt"),
    }
    assert "none" not in document["authorization_signing_alg_values_supported"]
    assert "none" not in document["id_token_signing_alg_values_supported"]
    assert "none" not in document["introspection_endpoint_auth_methods_supported"]
    assert {"sub", "sid", "email"} <= set(document["claims_supported"])
    assert not [name for name, value in document.items() if value in (None, [], "")]


@pytest.mark.parametrize("is_open", [True, False])
def test_prompt_values(provider: Provider, is_open: bool) -> None:
    """Initiating User Registration §4.1: clients try prompt=create only where it is named."""
    provider.directory.is_open = is_open
    values = metadata(provider)["prompt_values_supported"]
    assert set(values) - {"create"} == {"none", "login", "consent", "select_account"}
    assert ("create" in values) is is_open


def test_only_what_is_installed(provider: Provider) -> None:
    """A part that is taken away leaves no trace in the document."""
    parts = provider.server.parts
    left = {name: part for name, part in parts.response_types.items() if name == "code"}
    fewer = replace(
        parts,
        response_types=left,
        grants={"authorization_code": parts.grants["authorization_code"]},
        endpoints={
            name: endpoint for name, endpoint in parts.endpoints.items() if name != "revocation"
        },
    )
    provider.server = replace(provider.server, parts=fewer)
    document = metadata(provider)
    assert document["response_types_supported"] == ["code"]
    assert document["grant_types_supported"] == ["authorization_code"]
    assert not [name for name in document if name.startswith("revocation")]


def without(provider: Provider, *endpoints: str, **parts: Any) -> Mapping[str, Any]:
    """The metadata of a provider that lacks some parts."""
    before = provider.server.parts
    left = {name: part for name, part in before.endpoints.items() if name not in endpoints}
    fewer = replace(before, endpoints=left, **parts)
    provider.server = replace(provider.server, parts=fewer)
    return metadata(provider)


@pytest.mark.parametrize(
    ("endpoint", "members"),
    [
        ("introspection", "introspection_endpoint introspection_endpoint_auth_methods_supported"),
        (
            "pushed_authorization_request",
            "pushed_authorization_request_endpoint require_pushed_authorization_requests",
        ),
        ("end_session", "end_session_endpoint backchannel_logout_supported check_session_iframe"),
    ],
)
def test_an_endpoint_that_is_away_leaves_no_trace(
    provider: Provider, endpoint: str, members: str
) -> None:
    assert set(members.split()) <= metadata(provider).keys()
    left = without(provider, endpoint)
    assert not set(members.split()) & left.keys()
    assert ("sid" in left["claims_supported"]) == (endpoint != "end_session")


def test_no_algorithms_where_nothing_is_signed(provider: Provider) -> None:
    parts = provider.server.parts
    document = without(
        provider,
        client_authentication=tuple(
            method for method in parts.client_authentication if method.name != "private_key_jwt"
        ),
        response_modes={"query": parts.response_modes["query"]},
    )
    names = [name for name in document if "endpoint_auth_signing_alg" in name]
    assert names == []
    assert "authorization_signing_alg_values_supported" not in document


@pytest.mark.parametrize("has_resource_servers", [True, False])
def test_signed_introspection_where_somebody_can_read_it(has_resource_servers: bool) -> None:
    settings = Settings(issuer=ISSUER, has_resource_servers=has_resource_servers)
    name = "introspection_signing_alg_values_supported"
    assert (name in metadata(Provider(settings=settings))) is has_resource_servers


def test_an_addon_adds_its_own(provider: Provider) -> None:
    parts = provider.server.parts
    more = replace(parts, metadata=(*parts.metadata, lambda server: {"x": server.settings.issuer}))
    provider.server = replace(provider.server, parts=more)
    assert metadata(provider)["x"] == ISSUER


@pytest.mark.parametrize("name", [DISCOVERY, METADATA])
def test_s03_one_document_at_every_address(name: str) -> None:
    provider = Provider(settings=Settings(issuer=f"{ISSUER}/tenant"))
    documents = [get(provider, "discovery", path).json for path in (name, f"{name}/tenant")]
    assert documents[0] == documents[1] == metadata(provider)
    assert get(provider, "discovery", f"{name}/other").status == 404


@pytest.mark.parametrize(("endpoint", "path"), [("discovery", DISCOVERY), ("jwks", "")])
def test_s10_what_a_reader_has_already(provider: Provider, endpoint: str, path: str) -> None:
    headers = dict(get(provider, endpoint, path).headers)
    assert headers["Cache-Control"].startswith("public, max-age=")
    etag = headers["ETag"]
    for known in (etag, f'"x", W/{etag}'):
        response = get(provider, endpoint, path, if_none_match=known)
        assert (response.status, response.json) == (304, None)
    assert get(provider, endpoint, path, if_none_match='"x"').status == 200


def test_j18_keys_are_public(provider: Provider) -> None:
    document = get(provider, "jwks").json
    assert document is not None
    keys = document["keys"]
    assert {key["kty"] for key in keys} == {"RSA", "EC", "OKP"}
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert key["use"] == "sig"
        assert key.keys() <= {"kty", "n", "e", "crv", "x", "y", "kid", "use", "alg"}


def test_documents_are_read_only(provider: Provider) -> None:
    for endpoint in ("discovery", "jwks"):
        assert provider.server.handle(endpoint, Request("POST", path=DISCOVERY)).status == 405
