"""A public client: a page without a server of its own, with code and PKCE (RFC 7636) by fetch across origins."""

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.applications import Application, create_application
from e2e.harness.browsing import decide, fill_login
from e2e.harness.people import create_person, subject_of
from e2e.harness.systems import System
from e2e.harness.web_site import WebSite

PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<title>Notes</title>
<button id="login">Log in</button>
<p>Hello <b id="name"></b></p>
<pre id="result"></pre>
<script type="module">
const issuer = "ISSUER", clientId = "CLIENT_ID", redirectUri = location.origin + location.pathname;
const base64url = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function logIn() {
    sessionStorage.verifier = random();
    sessionStorage.state = random();
    const bytes = new TextEncoder().encode(sessionStorage.verifier);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    location = issuer + "/oauth2/authorize?" + new URLSearchParams({
        response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope: "openid profile",
        state: sessionStorage.state, code_challenge: base64url(digest), code_challenge_method: "S256",
    });
}

async function finish(answer) {
    if (answer.get("state") !== sessionStorage.state || answer.get("iss") !== issuer) {
        throw new Error("this answer is not for me");
    }
    const token = await fetch(issuer + "/oauth2/token", {
        method: "POST",
        body: new URLSearchParams({
            grant_type: "authorization_code", code: answer.get("code"), redirect_uri: redirectUri,
            client_id: clientId, code_verifier: sessionStorage.verifier,
        }),
    }).then((response) => response.json());
    const headers = {Authorization: "Bearer " + token.access_token};
    const user = await fetch(issuer + "/oauth2/userinfo", {headers}).then((response) => response.json());
    document.getElementById("name").textContent = user.name;
    const wrong = await fetch(issuer + "/oauth2/userinfo", {headers: {Authorization: "Bearer wrong"}});
    document.getElementById("result").textContent = JSON.stringify({
        token: Object.keys(token).sort(), sub: user.sub, refused: (await wrong.json()).error,
    });
}

document.getElementById("login").onclick = logIn;
const answer = new URLSearchParams(location.search);
if (answer.has("code")) {
    await finish(answer);
}
</script>
"""


@pytest.fixture
def application(provider: System, web_site: WebSite) -> Application:
    made = create_application(
        provider, f"{web_site.url('127.0.0.1')}/notes", token_endpoint_auth_method="none"
    )
    page = PAGE.replace("ISSUER", provider.url).replace("CLIENT_ID", made.identifier)
    web_site.pages["/notes"] = page
    return made


def test_public_client_with_pkce_in_a_browser_page(
    provider: System, application: Application, page: Page
) -> None:
    person = create_person(provider)
    page.goto(application.redirect_uri)
    page.locator("#login").click()
    fill_login(page, person)
    decide(page, "allow")
    expect(page.locator("#result")).not_to_be_empty()
    expect(page.locator("#name")).to_have_text(person.name)
    result = page.evaluate("JSON.parse(document.getElementById('result').textContent)")
    assert set(result["token"]) >= {"access_token", "expires_in", "scope", "token_type"}
    assert "refresh_token" not in result["token"]
    assert result["sub"] == subject_of(provider, person)
    assert result["refused"] == "invalid_token"
