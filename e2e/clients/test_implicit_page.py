"""A browser page written before PKCE: implicit flow (OpenID Connect Core §3.2), for whom an administrator ticked it."""

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.applications import create_application
from e2e.harness.browsing import Answers, decide, fill_login
from e2e.harness.people import Person, subject_of
from e2e.harness.systems import System
from e2e.harness.web_site import WebSite

PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<title>Old page</title>
<button id="login">Log in</button>
<pre id="result"></pre>
<script type="module">
const issuer = "ISSUER", clientId = "CLIENT_ID", redirectUri = location.origin + location.pathname;
const bytesOf = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const readJson = (part) => JSON.parse(new TextDecoder().decode(bytesOf(part)));

document.getElementById("login").onclick = async () => {
    sessionStorage.state = crypto.randomUUID();
    sessionStorage.nonce = crypto.randomUUID();
    const metadata = await (await fetch(issuer + "/.well-known/openid-configuration")).json();
    location = metadata.authorization_endpoint + "?" + new URLSearchParams({
        response_type: "id_token token", client_id: clientId, redirect_uri: redirectUri, scope: "openid email",
        state: sessionStorage.state, nonce: sessionStorage.nonce,
    });
};

async function verified(token) {
    const [header, payload, signature] = token.split(".");
    const {kid, alg} = readJson(header);
    const {keys} = await (await fetch(issuer + "/oauth2/jwks")).json();
    const kind = {name: "RSASSA-PKCS1-v1_5", hash: "SHA-256"};
    const key = await crypto.subtle.importKey("jwk", keys.find((key) => key.kid === kid), kind, false, ["verify"]);
    const signed = new TextEncoder().encode(header + "." + payload);
    if (alg !== "RS256" || !(await crypto.subtle.verify(kind, key, bytesOf(signature), signed))) {
        throw new Error("a wrong signature");
    }
    return readJson(payload);
}

async function finish(answer) {
    const claims = await verified(answer.get("id_token"));
    if (answer.get("state") !== sessionStorage.state || claims.nonce !== sessionStorage.nonce) {
        throw new Error("this answer is not for me");
    }
    const digest = new Uint8Array(
        await crypto.subtle.digest("SHA-256", new TextEncoder().encode(answer.get("access_token"))),
    );
    const half = bytesOf(claims.at_hash);
    if (half.length !== 16 || !half.every((byte, index) => byte === digest[index])) {
        throw new Error("another access token");
    }
    const headers = {Authorization: "Bearer " + answer.get("access_token")};
    const user = await (await fetch(issuer + "/oauth2/userinfo", {headers})).json();
    document.getElementById("result").textContent = JSON.stringify({sub: claims.sub, user});
}

const answer = new URLSearchParams(location.hash.slice(1));
if (answer.has("id_token")) await finish(answer);
</script>
"""


@pytest.mark.parametrize("ticked", [True, False])
def test_implicit_flow_in_a_browser_page(
    tls_provider: System, web_site: WebSite, person: Person, page: Page, ticked: bool
) -> None:
    application = create_application(
        tls_provider,
        f"{web_site.url('127.0.0.1')}/old-page",
        security_profile="oidc",
        token_endpoint_auth_method="none",
        use_implicit=ticked,
    )
    source = PAGE.replace("ISSUER", tls_provider.url)
    web_site.pages["/old-page"] = source.replace("CLIENT_ID", application.identifier)
    answers = Answers(page, application.redirect_uri)
    page.goto(application.redirect_uri)
    page.locator("#login").click()
    if not ticked:
        page.wait_for_url(f"{application.redirect_uri}#*")
        assert answers.received[-1]["error"] == "unauthorized_client"
        return
    fill_login(page, person)
    decide(page, "allow")
    expect(page.locator("#result")).not_to_be_empty()
    result = page.evaluate("JSON.parse(document.getElementById('result').textContent)")
    assert result["sub"] == result["user"]["sub"] == subject_of(tls_provider, person)
    assert result["user"]["email"] == person.login
