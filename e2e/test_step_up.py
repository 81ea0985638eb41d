"""An application that needs a stronger login than somebody has, seen from the browser."""

from urllib.parse import urlencode

import jwt
import pytest
from playwright.sync_api import Page, expect

from e2e.harness.browsing import Answers, decide, fill_login
from e2e.harness.people import create_person
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System
from e2e.test_second_factors import SET_TOTP, TOTP_SECRET, give_passkey, one_time_code

REDIRECT_URI = "http://127.0.0.1:9/callback"  # nobody listens there: only the address counts
HOLD_TO_LEVEL = """
level = env["oauth2.provider.authentication.level"].search([("name", "=", name)])
env["oauth2.provider.client"].browse(application).required_level_id = level
"""


@pytest.fixture
def application(provider: System) -> RelyingParty:
    return register(provider, REDIRECT_URI, local_development=True, is_trusted=False)


def start(page: Page, application: RelyingParty) -> None:
    parameters = urlencode(application.parameters(scope="openid"))
    page.goto(f"{application.provider.url}/oauth2/authorize?{parameters}")


def hold_to(application: RelyingParty, level: str) -> None:
    application.provider.run(HOLD_TO_LEVEL, application=application.application.id, name=level)


def claims_after_consent(
    page: Page, application: RelyingParty, answers: Answers
) -> dict[str, object]:
    decide(page, "allow")
    page.wait_for_timeout(500)
    (answer,) = answers.received
    id_token = application.redeem(answer["code"]).json()["id_token"]
    return jwt.decode(id_token, options={"verify_signature": False})


def test_a_code_in_a_trusted_browser(
    provider: System, page: Page, application: RelyingParty
) -> None:
    """Odoo leaves the code out in a browser that the person trusts; the application insists on it."""
    person = create_person(provider)
    provider.run(SET_TOTP, uid=person.id, secret=TOTP_SECRET)
    hold_to(application, "mfa")
    page.goto(f"{provider.url}/web/login")
    fill_login(page, person)
    page.locator("input[name=remember]").check()
    page.locator("input[name=totp_token]").fill(one_time_code(TOTP_SECRET))
    page.locator("input[name=totp_token]").press("Enter")
    page.wait_for_url(f"{provider.url}/odoo**", wait_until="commit")
    page.goto(f"{provider.url}/web/session/logout", wait_until="commit")
    answers = Answers(page, REDIRECT_URI)
    start(page, application)
    fill_login(page, person)
    expect(page.locator("#oauth2_enter_code")).to_be_visible()
    page.locator("#code").fill("000000")
    page.locator("#code").press("Enter")
    expect(page.locator("#oauth2_wrong_proof")).to_be_visible()
    page.locator("#code").fill(one_time_code(TOTP_SECRET, steps=1))
    page.locator("#code").press("Enter")
    claims = claims_after_consent(page, application, answers)
    assert (claims["acr"], claims["amr"]) == ("mfa", ["pwd", "otp", "mfa"])


def test_a_passkey_after_a_password(
    provider: System, page: Page, application: RelyingParty
) -> None:
    person = create_person(provider)
    give_passkey(provider, page, person)
    hold_to(application, "phr")
    answers = Answers(page, REDIRECT_URI)
    start(page, application)
    fill_login(page, person)
    expect(page.locator("#oauth2_passkey")).to_be_visible()
    page.wait_for_load_state("networkidle")  # until then nothing listens to the link
    page.locator("#oauth2_passkey").click()
    claims = claims_after_consent(page, application, answers)
    assert (claims["acr"], claims["amr"]) == ("phr", ["pwd", "pop", "user", "mfa"])


def test_whoever_has_no_factor_may_go_back(
    provider: System, page: Page, application: RelyingParty
) -> None:
    person = create_person(provider)
    hold_to(application, "mfa")
    answers = Answers(page, REDIRECT_URI)
    start(page, application)
    fill_login(page, person)
    expect(page.locator("#oauth2_factor_missing")).to_be_visible()
    page.locator("button[value=give_up]").click()
    page.wait_for_timeout(500)
    assert [answer["error"] for answer in answers.received] == ["unmet_authentication_requirements"]
