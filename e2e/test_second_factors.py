"""People with more than a password: one-time codes, passkeys."""

import base64
import hmac
import struct
import time
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
from e2e.harness.browsing import (
    Answers,
    decide,
    expect_arrival,
    expect_session,
    fill_login,
    start_login,
)
from e2e.harness.people import Person, create_person
from e2e.harness.systems import STOCK_LOGIN_LOGGER, System

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET_TOTP = "env['res.users'].browse(uid).totp_secret = secret"
ADD_PASSKEY = """
key = env["auth.passkey.key"].with_user(uid).sudo().create(
    {"name": "Key", "credential_identifier": identifier}
)
env.cr.execute("UPDATE auth_passkey_key SET public_key = %s WHERE id = %s", [public_key, key.id])
"""


def test_one_time_code(provider: System, client: System, page: Page) -> None:
    connection, person = connect(provider, client), _person_with_one_time_code(provider)
    start_login(page, connection)
    fill_login(page, person)
    _enter_code(page)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_o1_u05_half_logged_in_session_gets_no_answer(
    provider: System, client: System, page: Page, allowed_loggers: list[str]
) -> None:
    """Between password and code nobody is logged in, whatever address of ours is opened."""
    allowed_loggers.append(STOCK_LOGIN_LOGGER)
    person = _person_with_one_time_code(provider)
    connection = connect(provider, client, is_trusted=True)
    answers = Answers(page, connection.application.redirect_uri)
    page.goto(f"{client.url}/web/login")
    first_address = page.get_by_role("link", name=connection.label).get_attribute("href")
    page.goto(first_address)
    fill_login(page, person)
    expect(page.locator("input[name=totp_token]")).to_be_visible()
    code_page = page.url
    continue_address = parse_qs(urlsplit(code_page).query)["redirect"][0]
    for address in (provider.url + continue_address, first_address):
        page.goto(address)
        expect(page.locator("input[name=password]")).to_be_visible()
    page.goto(first_address + "&prompt=none")
    page.wait_for_url(f"{client.url}/**")
    assert [answer.get("error") for answer in answers.received] == ["login_required"]


def test_passkey(provider: System, client: System, page: Page) -> None:
    connection, person = connect(provider, client), create_person(provider)
    give_passkey(provider, page, person)
    start_login(page, connection)
    page.wait_for_load_state("networkidle")  # until then nothing listens to the link
    page.locator(".passkey_login_link").click()
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, person)


def _person_with_one_time_code(provider: System) -> Person:
    person = create_person(provider)
    provider.run(SET_TOTP, uid=person.id, secret=TOTP_SECRET)
    return person


def _enter_code(page: Page) -> None:
    page.locator("input[name=totp_token]").fill(one_time_code(TOTP_SECRET))
    page.locator("input[name=totp_token]").press("Enter")


def one_time_code(secret: str, *, steps: int = 0) -> str:
    """RFC 6238, as every authenticator application computes it; `steps`: half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7FFFFFFF) % 10**6:06}"


def give_passkey(provider: System, page: Page, person: Person) -> None:
    """Put a key into the browser's virtual authenticator, and its public half into the person's account."""
    key, identifier = ec.generate_private_key(ec.SECP256R1()), person.login.encode()
    provider.run(
        ADD_PASSKEY,
        uid=person.id,
        identifier=_base64url(identifier),
        public_key=base64.urlsafe_b64encode(_cose(key.public_key())).decode(),
    )
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    authenticator = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    private_bytes = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    credential = {
        "credentialId": base64.b64encode(identifier).decode(),
        "isResidentCredential": True,
        "rpId": "localhost",
        "privateKey": base64.b64encode(private_bytes).decode(),
        # Odoo does not look at it, but stumbles over the handle that it gives a user with a one-digit id
        "userHandle": base64.b64encode(f"{person.id:08}".encode()).decode(),
        "signCount": 1,
    }
    devtools.send("WebAuthn.addCredential", {**authenticator, "credential": credential})


def _cose(key: ec.EllipticCurvePublicKey) -> bytes:
    """COSE_Key (RFC 9053 §7.1.1) of a P-256 key: EC2, ES256, the curve, both coordinates."""
    numbers = key.public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
