"""The form of an application in the browser: what its security profile forbids cannot be chosen."""

from playwright.sync_api import Page, expect

from e2e.harness.browsing import fill_login
from e2e.harness.people import ADMIN
from e2e.harness.systems import System


def texts_of(page: Page, name: str) -> list[str]:
    """What a field that can be seen offers."""
    field = page.locator(f".o_field_widget[name={name}]").locator("visible=true")
    expect(field).to_have_count(1)
    field.locator(".o_select_menu_toggler").click()
    offered = page.locator(".o_select_menu_item")
    expect(offered.first).to_be_visible()
    texts = offered.all_inner_texts()
    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    return [text.strip() for text in texts]


def test_a_bank_grade_application(provider: System, page: Page) -> None:
    page.goto(f"{provider.url}/web/login")
    fill_login(page, ADMIN)
    page.wait_for_url(f"{provider.url}/odoo**")
    page.goto(f"{provider.url}/odoo/oauth2-applications/new")
    secret = page.get_by_role("radio", name="With a secret")
    expect(secret.first).to_be_visible(timeout=30_000)
    page.get_by_role("radio", name="A bank-grade application (FAPI 2.0)").check()
    expect(secret).to_have_count(0)
    assert texts_of(page, "token_endpoint_auth_method") == [
        "With a signed assertion",
        "With a certificate of an authority (mutual TLS)",
        "With a certificate of its own (mutual TLS)",
    ]
    assert texts_of(page, "token_binding") == [
        "Only who holds a key of the application (DPoP)",
        "Only who holds its certificate (mutual TLS)",
    ]
    page.get_by_role("tab", name="Keys").click()
    assert texts_of(page, "token_endpoint_auth_signing_alg") == ["PS256", "ES256", "EdDSA"]
