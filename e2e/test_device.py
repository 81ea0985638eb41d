"""A television, let in by phone (RFC 8628): without JavaScript, by keyboard alone, on a small screen."""

from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from e2e.harness.applications import Application, create_application
from e2e.harness.browsing import fill_login
from e2e.harness.people import create_person, subject_of
from e2e.harness.relying_party import DEVICE_GRANT
from e2e.harness.systems import System
from e2e.harness.visitors import Visitors

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


class Television:
    """It has no browser, only an Internet connection and letters on its screen."""

    def __init__(self, provider: System, application: Application) -> None:
        self._provider = provider
        self._client = {
            "client_id": application.identifier,
            "client_secret": application.secret,
        }
        self.codes: dict[str, Any] = {}

    def start(self) -> None:
        response = self._post("device_authorization", {"scope": "openid profile"})
        assert response.status_code == 200, response.text
        self.codes = response.json()

    def ask(self) -> requests.Response:
        return self._post(
            "token", {"grant_type": DEVICE_GRANT, "device_code": self.codes["device_code"]}
        )

    def _post(self, endpoint: str, form: dict[str, str]) -> requests.Response:
        address = f"{self._provider.url}/oauth2/{endpoint}"
        return requests.post(address, data=self._client | form, timeout=60)


@pytest.fixture
def television(provider: System) -> Television:
    application = create_application(
        provider, "http://127.0.0.1/", use_device=True, client_uri="https://tv.example.com/"
    )
    television = Television(provider, application)
    television.start()
    return television


def test_by_keyboard_without_javascript_on_a_phone(
    provider: System, television: Television, visitors: Visitors
) -> None:
    person = create_person(provider)
    # Odoo's own login page needs JavaScript; ours do not.
    login = visitors.new_page()
    login.goto(television.codes["verification_uri"])
    fill_login(login, person)
    expect(login.locator("#oauth2_device")).to_be_visible()
    cookies = login.context.storage_state()
    page = visitors.new_page(java_script_enabled=False, storage_state=cookies, **PHONE)
    page.goto(television.codes["verification_uri"])
    code = page.get_by_label("The code that your device shows")
    expect(code).to_be_focused()
    expect(page.locator("#oauth2_device_qr")).to_be_visible()
    page.keyboard.type("BCDF-GHJK")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No device waits with this code")
    page.keyboard.press("Control+A")
    page.keyboard.type(television.codes["user_code"].replace("-", "").lower())
    page.keyboard.press("Enter")
    expect(page.locator("#oauth2_device_confirmation")).to_contain_text("tv.example.com")
    expect(page.locator("#oauth2_account")).to_have_text(person.name)
    # Nothing is wider than the screen.
    box = page.locator("#oauth2_page").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
    assert television.ask().json()["error"] == "authorization_pending"
    allow = page.get_by_role("button", name="Allow")
    for _press in range(10):
        page.keyboard.press("Tab")
        if allow.evaluate("button => button === document.activeElement"):
            break
    expect(allow).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Go back to your device")
    tokens = television.ask().json()
    assert tokens["scope"] == "openid profile"
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    claims = requests.get(f"{provider.url}/oauth2/userinfo", headers=headers, timeout=60).json()
    assert claims["sub"] == subject_of(provider, person)


def test_g06_the_scanned_address_still_asks(
    provider: System, television: Television, visitors: Visitors
) -> None:
    person = create_person(provider)
    page = visitors.new_page(**PHONE)
    page.goto(television.codes["verification_uri_complete"])
    fill_login(page, person)
    expect(page.locator("#oauth2_user_code")).to_have_text(television.codes["user_code"])
    assert television.ask().json()["error"] == "authorization_pending"
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("status")).to_contain_text("did not get into your account")
    assert television.ask().json()["error"] == "access_denied"
