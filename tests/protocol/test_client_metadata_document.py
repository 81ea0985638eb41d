"""Client ID Metadata Documents: what an address and a document may be (attack cases D13, D16, D17, D18)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.assertions import jwk
from protocol.client_metadata_document import (
    MAXIMUM_LENGTH,
    METHODS,
    check_address,
    is_document_address,
    lifetime_of,
    read_document,
)
from protocol.client_registration.metadata import Offer
from protocol.errors import OAuthError
from protocol.ports import Document

ADDRESS = "https://agent.example/oauth/client.json"
CALLBACK = "https://agent.example/cb"
OFFER = Offer(
    METHODS,
    response_types={"code"},
    grant_types=frozenset({"authorization_code", "refresh_token"}),
    scope=frozenset({"openid", "email"}),
)


def document(content_type: str = "application/json", status: int = 200, **members: Any) -> Document:
    content = {"client_id": ADDRESS, "redirect_uris": [CALLBACK], **members}
    text = json.dumps({name: value for name, value in content.items() if value is not ...})
    return Document(status, content_type, text.encode())


def read(offer: Offer = OFFER, **members: Any) -> dict[str, Any]:
    return read_document(ADDRESS, document(**members), offer)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (ADDRESS, "agent.example"),
        ("https://agent.example/", "agent.example"),
        ("https://agent.example/a/", "agent.example"),
        ("https://agent.example:8443/client", "agent.example"),
        ("https://agent.example/client?version=2", "agent.example"),
        ("https://agent.example/a..b/.well-known/x", "agent.example"),
        ("https://agent.example/%C3%A9", "agent.example"),
        ("https://[2001:db8::1]/client", "2001:db8::1"),
        ("https://xn--bcher-kva.example/client", "xn--bcher-kva.example"),
    ],
)
def test_addresses(address: str, host: str) -> None:
    assert is_document_address(address)
    assert check_address(address) == host


@pytest.mark.parametrize(
    "address",
    [
        "http://agent.example/client",
        "HTTPS://agent.example/client",
        "https:/agent.example/client",
        "https://agent.example",
        "https://agent.example?x=1",
        "https:///client",
        "https://agent.example/client#part",
        "https://agent.example/client#",
        "https://agent.example/client?",
        "https://user@agent.example/client",
        "https://user:secret@agent.example/client",
        "https://@agent.example/client",
        "https://agent.example:/client",
        "https://agent.example:0/client",
        "https://agent.example:65536/client",
        "https://agent.example:x/client",
        "https://agent.example/./client",
        "https://agent.example/a/../client",
        "https://agent.example/a/..",
        "https://agent.example/.",
        "https://agent.example/%2e/client",
        "https://agent.example/a/%2E%2e/client",
        "https://agent.example/a/.%2e/client",
        "https://agent.example/a%2fb",
        "https://agent.example/a%5Cb",
        "https://agent.example/a%00",
        "https://agent.example//client",
        "https://agent.example/a//client",
        "https://agent.example/a b",
        "https://agent.example/a\\b",
        "https://agent.example\\@evil.example/client",
        "https://agent.example/a\nb",
        "https://agent.example/client ",
        "https://agent.example/%zz",
        "https://agent.example/%2",
        "https://agent.example/\N{LATIN SMALL LETTER E WITH ACUTE}",
        "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example/client",
        "https://Agent.example/client",
        "https://[::ffff:10.0.0.1/client",
        "https://[not-an-address]/client",
        "https://agent.example/" + "a" * 500,
    ],
)
def test_d13_what_is_no_address_of_a_document(address: str) -> None:
    with pytest.raises(ValueError, match=r"client_id|address"):
        check_address(address)


@pytest.mark.parametrize("identifier", ["web", "http://agent.example/x", "urn:x", "ftp://x/y", ""])
def test_d13_what_does_not_claim_to_be_one(identifier: str) -> None:
    assert not is_document_address(identifier)


def test_a_small_document() -> None:
    assert read() == {
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
        "application_type": "web",
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "scope": "openid email",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "authorization_signed_response_alg": "RS256",
        "introspection_signed_response_alg": "RS256",
    }


@pytest.mark.parametrize("kind", ["application/json", "application/oauth-client+json"])
def test_content_types(kind: str) -> None:
    assert read(content_type=kind)


@pytest.mark.parametrize(
    "kind", ["", "text/html", "text/json", "application/jsonp", "application/json+x", "json"]
)
def test_d16_other_content_types(kind: str) -> None:
    with pytest.raises(ValueError, match="Content-Type"):
        read(content_type=kind)


@pytest.mark.parametrize("status", [201, 204, 301, 302, 304, 404])
def test_d16_other_answers(status: int) -> None:
    with pytest.raises(ValueError, match="no document"):
        read(status=status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"client_id":"a","client_id":"b"}',
        b'{"a":' * 2000,
        json.dumps(
            {"client_id": ADDRESS, "redirect_uris": [CALLBACK], "x": "x" * MAXIMUM_LENGTH}
        ).encode(),
    ],
)
def test_d16_what_is_no_document(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_document(ADDRESS, Document(200, "application/json", body), OFFER)


@pytest.mark.parametrize(
    "identifier",
    [
        ...,
        None,
        7,
        "",
        ADDRESS + "/",
        ADDRESS + "?",
        ADDRESS + "#",
        ADDRESS.upper(),
        ADDRESS.replace("agent", "Agent"),
        ADDRESS.replace("https", "http"),
        ADDRESS.replace("/oauth", ":443/oauth", 1),
        [ADDRESS],
    ],
)
def test_d17_a_document_of_another_address(identifier: object) -> None:
    with pytest.raises(ValueError, match="not its address"):
        read(client_id=identifier)


@pytest.mark.parametrize(
    "members",
    [
        {"client_secret": "s"},
        {"client_secret": None},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {
            "token_endpoint_auth_method": "client_secret_basic",
            "token_endpoint_auth_methods_supported": ["none"],
        },
    ],
)
def test_d18_a_document_with_a_secret(members: dict[str, Any]) -> None:
    with pytest.raises(OAuthError) as refusal:
        read(**members)
    assert refusal.value.code == "invalid_client_metadata"


@pytest.mark.parametrize(
    ("chosen", "possible", "expected"),
    [
        ("none", ..., "none"),
        (..., ..., "none"),
        (..., ["private_key_jwt"], "private_key_jwt"),
        ("private_key_jwt", ["none", "private_key_jwt"], "private_key_jwt"),
        ("tls_client_auth", ["none", "private_key_jwt"], "private_key_jwt"),
        ("tls_client_auth", ["none"], "none"),
        ("none", "private_key_jwt", "none"),
    ],
)
def test_methods(chosen: object, possible: object, expected: str) -> None:
    metadata = read(
        token_endpoint_auth_method=chosen,
        token_endpoint_auth_methods_supported=possible,
        jwks={"keys": [jwk("ES256")]},
    )
    assert metadata["token_endpoint_auth_method"] == expected


@pytest.mark.parametrize(
    "members",
    [
        {"token_endpoint_auth_method": "tls_client_auth"},
        {"token_endpoint_auth_method": 7},
        {"token_endpoint_auth_methods_supported": ["client_secret_basic"]},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"id_token_encrypted_response_alg": "RSA-OAEP"},
        {"grant_types": ["client_credentials"]},
        {"grant_types": "authorization_code"},
        {"response_types": ["token"]},
        {"scope": 7},
        {"logo_uri": "http://agent.example/logo.png"},
        {"client_uri": "javascript:alert(1)"},
        {"client_name": "\u202etnega"},
    ],
)
def test_what_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(OAuthError) as refusal:
        read(**members)
    assert refusal.value.code == "invalid_client_metadata"


@pytest.mark.parametrize(
    "uris",
    [
        ...,
        [],
        CALLBACK,
        [7],
        ["http://agent.example/cb"],
        ["https://agent.example/a/../cb"],
        ["https://agent.example/cb#"],
        ["javascript:alert(1)"],
    ],
)
def test_d13_redirect_addresses(uris: object) -> None:
    with pytest.raises(OAuthError) as refusal:
        read(redirect_uris=uris)
    assert refusal.value.code == "invalid_redirect_uri"


def test_a_method_that_is_not_offered() -> None:
    only_public = Offer(("none",), OFFER.response_types, OFFER.grant_types, OFFER.scope)
    metadata = read(
        only_public,
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_methods_supported=["private_key_jwt", "none"],
    )
    assert metadata["token_endpoint_auth_method"] == "none"


def test_what_we_do_not_have_is_left_out() -> None:
    metadata = read(
        grant_types=["authorization_code", "refresh_token", "urn:example:other", ["implicit"], {}],
        response_types=["code", "code id_token", ["code"], None],
        scope="openid files:write offline_access",
        request_uris=["https://other.example/request"],
        backchannel_logout_uri="https://other.example/logout",
        sector_identifier_uri="https://other.example/sector",
        software_id="agent",
    )
    assert metadata["grant_types"] == ["authorization_code", "refresh_token"]
    assert metadata["response_types"] == ["code"]
    assert metadata["scope"] == "openid"
    assert metadata["software_id"] == "agent"
    assert not {"request_uris", "backchannel_logout_uri", "sector_identifier_uri"} & set(metadata)


@pytest.mark.parametrize(
    ("uris", "said", "expected"),
    [
        (["http://localhost/cb", "http://127.0.0.1/cb"], ..., "native"),
        (["http://127.0.0.1:33418/", "https://agent.example/redirect"], ..., "native"),
        (["com.example.agent:/cb"], ..., "native"),
        ([CALLBACK], ..., "web"),
        ([CALLBACK], "native", "native"),
    ],
)
def test_r10_where_it_runs(uris: list[str], said: object, expected: str) -> None:
    assert read(redirect_uris=uris, application_type=said)["application_type"] == expected


@pytest.mark.parametrize(
    ("freshness", "expected"), [(None, 3600), (0, 60), (600, 600), (10**8, 86400)]
)
def test_lifetimes(freshness: int | None, expected: int) -> None:
    assert lifetime_of(Document(200, "", b"", freshness)) == expected
