"""Client authentication at the token endpoint (attack cases A01 to A17)."""

import secrets
from base64 import b64encode
from urllib.parse import quote

import pytest
import requests

from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System

WITHOUT = {"client_id": None, "client_secret": None}


def basic(identifier: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{identifier}:{secret}".encode()).decode()}


def expect_invalid_client(response: requests.Response) -> None:
    expect_json_error(response, 401, "invalid_client")
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


def attempt(
    party: RelyingParty, headers: dict[str, str] | None = None, **form: str | None
) -> requests.Response:
    """A token request that is right but for the code, so it fails with invalid_grant once the client is proven."""
    return party.token_request(party.redemption("unknown") | form, headers=headers or {})


def test_secret_is_accepted_in_header_and_body(web: RelyingParty) -> None:
    in_header = attempt(web, basic(web.identifier, web.application.secret), **WITHOUT)
    expect_json_error(in_header, 400, "invalid_grant")
    expect_json_error(attempt(web), 400, "invalid_grant")


def test_a01_two_methods_at_once(web: RelyingParty) -> None:
    header = basic(web.identifier, web.application.secret)
    expect_json_error(attempt(web, header), 400, "invalid_request")


def test_a02_two_names_for_one_sender(web: RelyingParty, other_web: RelyingParty) -> None:
    header = basic(web.identifier, web.application.secret)
    mixed = attempt(web, header, client_id=other_web.identifier, client_secret=None)
    expect_json_error(mixed, 400, "invalid_request")
    same = attempt(web, header, client_secret=None)
    expect_json_error(same, 400, "invalid_grant")


def test_a03_secret_in_the_address(web: RelyingParty) -> None:
    query = f"?client_id={web.identifier}&client_secret={web.application.secret}"
    response = web.token_request(web.redemption("x") | WITHOUT, path=f"/oauth2/token{query}")
    expect_json_error(response, 400, "invalid_request")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Basic", id="nothing"),
        pytest.param("Basic ", id="space"),
        pytest.param("Basic !!!!", id="not_base64"),
        pytest.param("Basic abc", id="bad_padding"),
        pytest.param("Basic " + b64encode(b"no-colon").decode(), id="no_colon"),
        pytest.param("Basic " + b64encode(b":").decode(), id="empty"),
        pytest.param("Basic " + b64encode(b"\xff\xfe:\xff").decode(), id="not_utf8"),
        pytest.param("Basic " + b64encode(b"%FF%FE:%ZZ").decode(), id="bad_percent"),
        pytest.param("Basic " + b64encode(b"a\0b:c").decode(), id="nul"),
        pytest.param("Basic " + b64encode(b"a%00b:c").decode(), id="encoded_nul"),
        pytest.param("Basic " + "QUFB" * 4000, id="long"),
        pytest.param("Bearer x", id="bearer"),
        pytest.param("Digest username=x", id="digest"),
        pytest.param("\u00e9".encode("latin-1"), id="latin"),
    ],
)
def test_a04_malformed_credentials(web: RelyingParty, header: str | bytes) -> None:
    expect_invalid_client(attempt(web, {"Authorization": header}, **WITHOUT))


def test_a04_both_halves_are_form_encoded(provider: System) -> None:
    secret = "a:b+c %d\u00e9/" + secrets.token_urlsafe(32)
    party = register(provider)
    provider.run(
        "from odoo.addons.oauth2_provider.protocol.secret_hashing import hash_secret\n"
        "env['oauth2.provider.client.secret'].create({'client_id': id, 'secret_hash': hash_secret(secret)})",
        id=party.application.id,
        secret=secret,
    )
    right = attempt(party, basic(party.identifier, quote(secret, safe="")), **WITHOUT)
    expect_json_error(right, 400, "invalid_grant")
    expect_invalid_client(attempt(party, basic(party.identifier, secret), **WITHOUT))


@pytest.mark.parametrize("secret", [None, "", "wrong", "0" * 64])
def test_a05_confidential_client_without_its_secret(
    visitor: HttpBrowser, web: RelyingParty, secret: str | None
) -> None:
    code = web.code(visitor)
    expect_invalid_client(web.redeem(code, client_secret=secret))
    expect_invalid_client(web.refresh(web.tokens(visitor)["refresh_token"], client_secret=secret))
    assert web.redeem(code).status_code == 200, "a failed authentication must not use the code"


def test_a05_stored_hash_is_no_secret(provider: System, web: RelyingParty) -> None:
    stored = provider.run(
        "result = env['oauth2.provider.client'].browse(id).secret_ids.secret_hash",
        id=web.application.id,
    )
    expect_invalid_client(attempt(web, client_secret=stored))


def test_a05_expired_and_deleted_secrets(provider: System) -> None:
    party = register(provider)
    for change in ("secret.expires_at = '2020-01-01'", "secret.unlink()"):
        provider.run(
            f"secret = env['oauth2.provider.client'].browse(id).secret_ids\n{change}",
            id=party.application.id,
        )
        expect_invalid_client(attempt(party))


def test_a05_secret_of_another_application(web: RelyingParty, other_web: RelyingParty) -> None:
    expect_invalid_client(attempt(web, client_secret=other_web.application.secret))


@pytest.mark.parametrize("secret", ["secret", "0" * 64])
def test_a06_public_client_with_a_secret(
    visitor: HttpBrowser, native: RelyingParty, secret: str
) -> None:
    expect_invalid_client(attempt(native, client_secret=secret))
    header = basic(native.identifier, secret)
    expect_invalid_client(attempt(native, header, **WITHOUT))
    code = native.code(visitor)
    assert native.redeem(code, client_secret="").status_code == 200, "an empty one counts as none"


@pytest.mark.parametrize(
    "identifier",
    [
        pytest.param("x\0y", id="nul"),
        pytest.param("x" * 10_000, id="long"),
        pytest.param("' OR '1'='1", id="sql"),
        pytest.param("%s%s%(x)s", id="format"),
        pytest.param("\u202e\U0001f600", id="unicode"),
        pytest.param(b"\xff\xfe", id="not_utf8"),
        pytest.param("*", id="star"),
    ],
)
def test_a14_strange_client_id(
    visitor: HttpBrowser, web: RelyingParty, identifier: str | bytes
) -> None:
    response = attempt(web, client_id=identifier)
    assert response.status_code in (400, 401)
    assert response.json()["error"] in ("invalid_request", "invalid_client")
    page = visitor.send(
        "POST", "/oauth2/authorize", data=web.parameters() | {"client_id": identifier}
    )
    assert page.status_code == 400
    assert 'id="oauth2_error"' in page.text


def test_a14_client_id_is_compared_by_case(provider: System, web: RelyingParty) -> None:
    expect_invalid_client(attempt(web, client_id=web.identifier.upper()))
    expect_invalid_client(attempt(web, client_id=" " + web.identifier))


def test_a15_wrong_secrets_are_recorded_and_lock_nobody_out(
    provider: System, visitor: HttpBrowser
) -> None:
    """The secret has 256 bits, so nothing is gained by guessing; locking out would be the better attack. Guesses are
    made from one address here, the right secret comes from the same one."""
    party = register(provider)
    answers = [attempt(party, client_secret=f"guess {number}") for number in range(100)]
    for answer in answers[:60]:
        expect_invalid_client(answer)
    for answer in answers[60:]:
        expect_json_error(answer, 429, "temporarily_unavailable")
        assert answer.headers["Retry-After"] == "600"
    details = provider.run(
        "result = env['oauth2.provider.event'].search("
        "[('client_id', '=', id), ('event_type', '=', 'token_refused')]).mapped('detail')",
        id=party.application.id,
    )
    assert len(details) == 60
    assert not any("guess" in detail for detail in details)
    assert party.redeem(party.code(visitor)).status_code == 200


def test_a16_unknown_client_and_wrong_secret_look_the_same(web: RelyingParty) -> None:
    unknown = attempt(web, client_id="00000000-0000-4000-8000-000000000000")
    wrong = attempt(web, client_secret="wrong")
    inactive = attempt(web, client_secret=None)
    assert unknown.content == wrong.content == inactive.content
    assert unknown.status_code == wrong.status_code == inactive.status_code
    names = [{name for name in answer.headers if name != "Date"} for answer in (unknown, wrong)]
    assert names[0] == names[1]


def test_a17_tokens_of_an_archived_application(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, use_refresh_token=True)
    tokens = party.tokens(visitor)
    assert party.accepts(tokens["access_token"])
    provider.run("env['oauth2.provider.client'].browse(id).active = False", id=party.application.id)
    assert not party.accepts(tokens["access_token"])
    expect_invalid_client(party.refresh(tokens["refresh_token"]))
