"""Public and pairwise subjects (OpenID Connect Core §8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT, ODOO_CLIENT
from fakes.signing_keys import MemorySigningKeys
from fakes.wire import basic, code_exchange, error_of, fragment_of, token_request, tokens_of
from protocol.consented_client import digest_of
from protocol.jose.sign import sign
from protocol.messages import Parameters, Request
from protocol.request_checks import FORM
from protocol.settings import Settings
from protocol.subject import sector_identifier, subject_for_sector, subject_of

PROTOCOL = Path(__file__).parents[2] / "oauth2_provider" / "protocol"
SETTINGS = Settings(issuer=ISSUER, pairwise_salt="a salt of the tests")
PAIRWISE = replace(OPENID_CLIENT, sector_identifier="app.example.com")
SUBJECT = subject_of(SETTINGS, ALICE, PAIRWISE)


@pytest.fixture
def provider() -> Provider:
    provider = Provider(PAIRWISE, settings=SETTINGS)
    provider.log_in(auth_time=provider.clock.now() - 10)
    return provider


def tokens(provider: Provider, **changes: str) -> dict[str, Any]:
    form = code_exchange(provider.get_code(openid_request(**changes)))
    del form["code_verifier"]
    return tokens_of(provider.post_token(form))


def introspect(provider: Provider, token: str) -> Mapping[str, Any]:
    form = Parameters((("token", token),))
    request = Request("POST", form=form, headers=basic(), mimetype=FORM)
    return provider.server.handle("introspection", request).json or {}


def test_only_one_file_reads_the_public_subject() -> None:
    readers = {
        path.relative_to(PROTOCOL).as_posix()
        for path in PROTOCOL.rglob("*.py")
        if re.search(r"\bpublic_subject\b", path.read_text())
    }
    assert readers == {"entities/end_user.py", "subject.py"}


def test_a_pairwise_subject_tells_nothing() -> None:
    """§8.1: no reversal, no link between sectors, always the same within one."""
    mallory = replace(ALICE, public_subject="6666")
    other_sector = replace(PAIRWISE, sector_identifier="other.example.com")
    other_salt = replace(SETTINGS, pairwise_salt="another salt")
    values = {
        ALICE.public_subject,
        SUBJECT,
        subject_of(SETTINGS, mallory, PAIRWISE),
        subject_of(SETTINGS, ALICE, other_sector),
        subject_of(other_salt, ALICE, PAIRWISE),
    }
    assert len(values) == 5
    assert subject_of(SETTINGS, ALICE, replace(PAIRWISE, id=99)) == SUBJECT
    assert re.fullmatch("[0-9a-f]{64}", SUBJECT)
    assert ALICE.public_subject not in SUBJECT


def test_the_salt_is_not_shown() -> None:
    assert "a salt" not in repr(SETTINGS)


def test_without_its_secret_nobody_gets_a_wrong_subject() -> None:
    unsalted = Provider(PAIRWISE)
    unsalted.log_in()
    answer = fragment_of(unsalted.agree(openid_request(response_type="id_token")))
    assert answer["error"] == "server_error"
    assert subject_for_sector(Settings(issuer=ISSUER), "5f0c", None) == "5f0c"


def test_t07_sub_is_the_same_wherever_the_client_reads_it(provider: Provider) -> None:
    issued = tokens(provider)
    assert read(issued["id_token"])["sub"] == SUBJECT
    answer = fragment_of(provider.agree(openid_request(response_type="code id_token token")))
    assert read(answer["id_token"])["sub"] == SUBJECT
    renewed = tokens_of(provider.refresh(issued["refresh_token"]))
    assert read(renewed["id_token"])["sub"] == SUBJECT
    for token in (issued["access_token"], answer["access_token"], renewed["access_token"]):
        for endpoint in ("userinfo", "tokeninfo"):
            members = provider.get(endpoint, token).json or {}
            assert members["sub"] == SUBJECT
            assert ALICE.public_subject not in members.values()
        assert introspect(provider, token)["sub"] == SUBJECT


def test_t07_signed_userinfo(provider: Provider) -> None:
    provider.change_client(userinfo_signed_response_alg="ES256")
    response = provider.get("userinfo", tokens(provider)["access_token"])
    assert response.jwt is not None
    assert read(response.jwt)["sub"] == SUBJECT


def test_t07_an_odoo_reads_the_same_as_user_id() -> None:
    client = replace(ODOO_CLIENT, sector_identifier="odoo.example.com")
    provider = Provider(CLIENT, client, settings=SETTINGS)
    token = fragment_of(provider.agree(token_request()))["access_token"]
    members = provider.get("client_userinfo", token, path_client_identifier="other-odoo").json or {}
    assert members["sub"] == members["user_id"] == subject_of(SETTINGS, ALICE, client)


def hint(subject: str) -> str:
    claims = {"iss": ISSUER, "aud": "web", "sub": subject, "exp": 1}
    return sign(claims, MemorySigningKeys().signing_key("RS256"))


def test_hints_are_pairwise_too(provider: Provider) -> None:
    """An own ID token is a hint at its person; the public subject is nobody here."""
    for subject, expected in ((SUBJECT, None), (ALICE.public_subject, "login_required")):
        for change in (
            {"id_token_hint": hint(subject)},
            {"claims": f'{{"id_token": {{"sub": {{"value": "{subject}"}}}}}}'},
            {"claims": f'{{"userinfo": {{"sub": {{"value": "{subject}"}}}}}}'},
        ):
            about = digest_of(provider.store.clients[1])
            provider.store.remember_consent(ALICE.id, 1, about, frozenset({"openid"}), 0)
            response = provider.go_on(provider.start(openid_request(prompt="none", **change)))
            if expected is None:
                assert "code=" in (response.location or "")
            else:
                assert error_of(response) == expected


@pytest.mark.parametrize(
    ("redirect_uris", "uri", "sector"),
    [
        (["https://App.example.com/cb"], None, "app.example.com"),
        (["https://a.example/1", "https://a.example:8443/2"], None, "a.example"),
        (["https://a.example/1", "https://b.example/2"], "https://s.example/x.json", "s.example"),
        (["com.example.app:/cb"], None, "client:c"),
        (["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"], None, "client:c"),
        (["http://127.0.0.1/cb", "https://a.example/1"], None, "a.example"),
        ([], None, "client:c"),
    ],
)
def test_sector(redirect_uris: list[str], uri: str | None, sector: str) -> None:
    assert sector_identifier("c", redirect_uris, uri) == sector


def test_several_hosts_are_no_sector() -> None:
    with pytest.raises(ValueError, match="several hosts"):
        sector_identifier("c", ["https://a.example/1", "https://b.example/2"], None)
