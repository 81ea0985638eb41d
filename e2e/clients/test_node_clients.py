"""openid-client and oauth4webapi, two widely used JavaScript libraries: they refuse what is not to the letter."""

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dev.node_environment import NodeEnvironment
from e2e.harness.applications import Application, create_application
from e2e.harness.people import Person, subject_of
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import System

SCRIPTS = Path(__file__).parent / "node"
CALLBACK = "https://client.example/callback"
GOODBYE = "https://client.example/goodbye"
SCOPE = "openid profile email"


def play(
    node: NodeEnvironment,
    script: str,
    provider: System,
    application: Application,
    browser: HttpBrowser,
    metadata: Mapping[str, Any] = {},
    **want: Any,
) -> dict[str, Any]:
    """Let a script run a whole login with a person's browser; returns what it tells at the end."""
    registration = {
        "issuer": provider.url,
        "client_id": application.identifier,
        "redirect_uris": [application.redirect_uri],
        "post_logout_redirect_uris": [GOODBYE],
        **({"client_secret": application.secret} if application.secret else {}),
        **metadata,
    }
    # its text as an argument: from there npm packages are looked for in the current folder
    command = [node.node, "--input-type=module", "--eval", (SCRIPTS / script).read_text()]
    with subprocess.Popen(
        command, cwd=node.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def say(message: dict[str, Any]) -> dict[str, Any]:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, f"{script} ended; see above what it wrote"
            return json.loads(answer)

        want = {"scope": SCOPE, **want}
        started = say({"registration": registration, "want": want})
        page = browser.open(started["open"])
        if page.status_code == 200:
            page = browser.decide(page, "allow")
        assert page.status_code == 303, page.text[-2000:]
        return say({"arrived": page.headers["Location"]})


def check(told: dict[str, Any], provider: System, person: Person) -> None:
    subject = subject_of(provider, person)
    assert told["claims"]["sub"] == told["user"]["sub"] == told["userAgain"]["sub"] == subject
    assert told["user"]["name"] == person.name
    assert told["user"]["email"] == person.login
    assert told["refused"] in ("invalid_token", "OAUTH_WWW_AUTHENTICATE_CHALLENGE")


def new_key(algorithm: str) -> tuple[dict[str, Any], str]:
    """A private key as JWK, and the key set to register."""
    if algorithm == "ES256":
        key = ec.generate_private_key(ec.SECP256R1())
        kind = jwt.algorithms.ECAlgorithm
    else:
        key = rsa.generate_private_key(65537, 2048)
        kind = jwt.algorithms.RSAAlgorithm
    names = {"kid": "k1", "alg": algorithm}
    public = kind.to_jwk(key.public_key(), as_dict=True) | names | {"use": "sig"}
    public.pop("key_ops", None)
    private = kind.to_jwk(key, as_dict=True) | names
    private.pop("key_ops", None)
    return private, json.dumps({"keys": [public]})


@pytest.mark.parametrize("profile", ["oauth21", "oidc"])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_openid_client(
    node: NodeEnvironment,
    tls_provider: System,
    person: Person,
    person_browser: HttpBrowser,
    profile: str,
    method: str,
) -> None:
    application = create_application(
        tls_provider,
        CALLBACK,
        security_profile=profile,
        token_endpoint_auth_method=method,
        use_refresh_token=True,
        post_logout_redirect_uri_ids=[(0, 0, {"uri": GOODBYE})],
    )
    told = play(
        node,
        "openid_client.mjs",
        tls_provider,
        application,
        person_browser,
        post=method == "client_secret_post",
    )
    check(told, tls_provider, person)
    if method != "none":
        assert told["seen"]["active"] is True
        assert told["seen"]["client_id"] == application.identifier
    assert person_browser.open(told["logout"]).headers["Location"] == GOODBYE
    assert "/web/login" in person_browser.open("/odoo").url


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_openid_client_with_par_dpop_jarm_and_its_own_key(
    node: NodeEnvironment,
    tls_provider: System,
    person: Person,
    person_browser: HttpBrowser,
    algorithm: str,
) -> None:
    private, jwks = new_key(algorithm)
    application = create_application(
        tls_provider,
        CALLBACK,
        token_endpoint_auth_method="private_key_jwt",
        jwks=jwks,
        use_refresh_token=True,
        token_binding="dpop",
        require_pushed_authorization_requests=True,
        authorization_signed_response_alg=algorithm,
        id_token_signed_response_alg=algorithm,
    )
    told = play(
        node,
        "openid_client.mjs",
        tls_provider,
        application,
        person_browser,
        {
            "authorization_signed_response_alg": algorithm,
            "id_token_signed_response_alg": algorithm,
        },
        jwk=private,
        par=True,
        dpop=True,
        jarm=True,
    )
    check(told, tls_provider, person)
    assert told["tokenType"] == "dpop"


def test_openid_client_with_fapi2_message_signing(
    node: NodeEnvironment, tls_provider: System, person: Person, person_browser: HttpBrowser
) -> None:
    private, jwks = new_key("PS256")
    application = create_application(
        tls_provider,
        CALLBACK,
        security_profile="fapi2",
        token_endpoint_auth_method="private_key_jwt",
        jwks=jwks,
        use_refresh_token=True,
        token_binding="dpop",
        local_development=False,
        require_signed_request_object=True,
        id_token_signed_response_alg="PS256",
        authorization_signed_response_alg="PS256",
    )
    told = play(
        node,
        "openid_client.mjs",
        tls_provider,
        application,
        person_browser,
        {
            "id_token_signed_response_alg": "PS256",
            "authorization_signed_response_alg": "PS256",
        },
        jwk=private,
        par=True,
        jar=True,
        jarm=True,
        dpop=True,
    )
    check(told, tls_provider, person)


@pytest.mark.parametrize("discovery", ["oidc", "oauth2"])
@pytest.mark.parametrize("strict", [False, True])
def test_oauth4webapi(
    node: NodeEnvironment,
    tls_provider: System,
    person: Person,
    person_browser: HttpBrowser,
    discovery: str,
    strict: bool,
) -> None:
    """`strict`: pushed request and DPoP."""
    values = {"token_binding": "dpop"} if strict else {}
    application = create_application(
        tls_provider, CALLBACK, security_profile="oidc", use_refresh_token=True, **values
    )
    told = play(
        node,
        "oauth4webapi.mjs",
        tls_provider,
        application,
        person_browser,
        discovery=discovery,
        par=strict,
        dpop=strict,
        max_age=600,
    )
    check(told, tls_provider, person)
    assert time.time() - 600 < told["claims"]["auth_time"] <= time.time()
