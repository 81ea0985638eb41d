"""The description of our addresses for programs: what `docs/openapi.yaml` says, in the words of OpenAPI 3.0.

`tests/test_openapi.py` holds it against the routes, the metadata and the steps of the endpoints; `make fuzz` against a
running provider.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import openapi_schemas
from .openapi_schemas import TEXT, Node
from .settings import ROOT

DOCUMENT = ROOT / "docs/openapi.yaml"
_PLAIN = re.compile(r"[A-Za-z/_$][\w /.$()'-]*")
_FORM = "application/x-www-form-urlencoded"

# Names of parameters, in the order of their standards.
AUTHORIZATION_REQUEST = """
    response_type client_id redirect_uri scope state code_challenge code_challenge_method nonce response_mode prompt
    max_age ui_locales id_token_hint login_hint acr_values claims request request_uri resource authorization_details
    dpop_jkt display
"""
CLIENT = "client_id client_secret client_assertion client_assertion_type"
TOKEN_REQUEST = f"""
    grant_type code redirect_uri code_verifier refresh_token scope device_code assertion subject_token
    subject_token_type actor_token actor_token_type requested_token_type audience resource authorization_details
    {CLIENT}
"""
# Answers that may be a JWT instead.
SIGNED = {
    "UserInfo": ("application/jwt",),
    "Introspection": ("application/token-introspection+jwt",),
}
LOGOUT = "id_token_hint client_id post_logout_redirect_uri state ui_locales logout_hint"


def document() -> Node:
    """All of it."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "OAuth2 Provider for Odoo",
            "version": "19.0",
            "description": "Addresses of the provider. Which of them exist at a server, its metadata says.",
            "license": {"name": "LGPL-3.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {path: _item(path, operations) for path, operations in _paths().items()},
        "components": {
            "schemas": openapi_schemas.schemas(),
            "responses": _responses(),
            "securitySchemes": {
                "client": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _paths() -> dict[str, Node]:
    request = _parameters(AUTHORIZATION_REQUEST)
    from_client = {"security": [{"client": []}, {}]}
    with_token = {"security": [{"token": []}]}
    userinfo = (
        _machine("What the token tells about its person.", "UserInfo", 200, 400, 401, 403)
        | with_token
    )
    tokeninfo = _machine("For whom a token is.", "TokenInfo", 200, 400, 401) | with_token
    posted_token = {"requestBody": _form("access_token")}
    page = "The page that follows, or the way to it."
    return {
        "/.well-known/openid-configuration": _public(
            "The metadata (OpenID Connect Discovery).", "ServerMetadata"
        ),
        "/.well-known/openid-configuration/{issuer_path}": _public_below("ServerMetadata"),
        "/.well-known/oauth-authorization-server": _public(
            "The metadata (RFC 8414).", "ServerMetadata"
        ),
        "/.well-known/oauth-authorization-server/{issuer_path}": _public_below("ServerMetadata"),
        "/.well-known/oauth-protected-resource": _public(
            "A resource of this server (RFC 9728).", "ResourceMetadata", 404
        ),
        "/.well-known/oauth-protected-resource/{resource_path}": _public_below("ResourceMetadata"),
        "/oauth2/jwks": _public("The public keys (RFC 7517).", "Keys"),
        "/oauth2/authorize": {
            "get": _person("The authorization request (RFC 6749).") | {"parameters": request},
            "post": _person("The same as a form.") | {"requestBody": _form(AUTHORIZATION_REQUEST)},
        },
        "/oauth2/authorize/continue": {"get": _person(page) | {"parameters": _parameters("rid")}},
        "/oauth2/authorize/consent": {"post": _person(page, _form("rid shown consent csrf_token"))},
        "/oauth2/authorize/account": {
            "post": _person(page, _form("rid account step_up csrf_token"))
        },
        "/oauth2/authorize/reauthenticate": {
            "post": _person(page, _form("rid login password csrf_token"))
        },
        "/oauth2/authorize/step_up": {
            "post": _person(page, _form("rid code send webauthn_response csrf_token"))
        },
        "/oauth2/par": {
            "post": _machine(
                "A pushed authorization request (RFC 9126).", "PushedRequest", 201, 400, 401, 429
            )
            | from_client
            | {
                "requestBody": _form(
                    f"{AUTHORIZATION_REQUEST} client_secret client_assertion client_assertion_type"
                )
            }
        },
        "/oauth2/token": {
            "post": _machine("Tokens for a grant (RFC 6749).", "Tokens", 200, 400, 401, 403, 429)
            | from_client
            | {"requestBody": _form(TOKEN_REQUEST)}
        },
        "/oauth2/revoke": {
            "post": _machine("Give a token back (RFC 7009).", "Nothing", 200, 400, 401, 429)
            | from_client
            | {"requestBody": _form(f"token token_type_hint {CLIENT}")}
        },
        "/oauth2/introspect": {
            "post": _machine(
                "What a token is (RFC 7662).", "Introspection", 200, 400, 401, 403, 429
            )
            | from_client
            | {"requestBody": _form(f"token token_type_hint {CLIENT}")}
        },
        "/oauth2/userinfo": {"get": userinfo, "post": userinfo | posted_token},
        "/oauth2/userinfo/{client_identifier}": {"get": userinfo, "post": userinfo | posted_token},
        "/oauth2/tokeninfo": {"get": tokeninfo, "post": tokeninfo | posted_token},
        "/oauth2/device_authorization": {
            "post": _machine("Codes for a device (RFC 8628).", "DeviceCodes", 200, 400, 401, 429)
            | from_client
            | {"requestBody": _form(f"scope {CLIENT}")}
        },
        "/oauth2/device": {
            "get": _person("The page for devices.") | {"parameters": _parameters("user_code")},
            "post": _person(page, _form("user_code csrf_token")),
        },
        "/oauth2/device/decision": {"post": _person(page, _form("user_code consent csrf_token"))},
        "/oauth2/end_session": {
            "get": _person("The logout request.") | {"parameters": _parameters(LOGOUT)},
            "post": _person("The same as a form.", _form(LOGOUT)),
        },
        "/oauth2/end_session/continue": {"get": _person(page) | {"parameters": _parameters("rid")}},
        "/oauth2/end_session/confirm": {"post": _person(page, _form("rid logout csrf_token"))},
        "/oauth2/logged_out": {"get": _person("After a logout in Odoo itself.")},
        "/oauth2/session/check": {"get": _person("The frame of Session Management.")},
        "/oauth2/picture/{token}": {"get": _picture()},
        "/oauth2/register": {
            "post": _machine(
                "Register a client (RFC 7591).", "Registration", 201, 400, 401, 403, 429
            )
            | {"security": [{"token": []}, {}], "requestBody": _json()}
        },
        "/oauth2/register/{client_identifier}": {
            "get": _machine("A registration (RFC 7592).", "Registration", 200, 400, 401)
            | with_token,
            "put": _machine("Replace it.", "Registration", 200, 400, 401, 403)
            | with_token
            | {"requestBody": _json()},
            "delete": _machine("End it.", "Nothing", 204, 400, 401) | with_token,
        },
    }


def _item(path: str, operations: Node) -> Node:
    names = re.findall(r"{(\w+)}", path)
    places = [_parameter(name, "path", required=True) for name in names]
    return ({"parameters": places} if places else {}) | operations


def _parameter(name: str, place: str, *, required: bool = False) -> Node:
    return {"name": name, "in": place, "required": required, "schema": {"type": "string"}}


def _parameters(names: str) -> list[Node]:
    return [_parameter(name, "query") for name in names.split()]


def _form(names: str) -> Node:
    members = {name: {"type": "string"} for name in names.split()}
    return {"content": {_FORM: {"schema": {"type": "object", "properties": members}}}}


def _json() -> Node:
    return {"content": _as_json("ClientMetadata")}


def _public(summary: str, answer: str, *refusals: int) -> Node:
    return {"get": _machine(summary, answer, 200, 304, *refusals)}


def _public_below(answer: str) -> Node:
    """The same at a part of the address; for one with a line break Odoo has no route, and says so with a page."""
    operation = _machine("The same.", answer, 200, 304)
    operation["responses"]["404"] = {"$ref": "#/components/responses/Unknown"}
    return {"get": operation}


def _machine(summary: str, answer: str, *statuses: int) -> Node:
    """Answers JSON, whatever happens; 404 where it is switched off, 411 and more for bodies that are none of ours.

    :param answer: the name of its schema
    """
    kinds = {200: answer, 201: answer, 204: "Empty", 304: "Empty"}
    every = sorted({*statuses, 404, 405, 411, 413, 415, 503})
    return _operation(summary, {status: kinds.get(status, "Refusal") for status in every})


def _person(summary: str, body: Node | None = None) -> Node:
    """Shows a page, or sends the browser on."""
    pages = dict.fromkeys((200, 400, 403, 404, 405, 411, 413, 429, 503), "Page")
    operation = _operation(summary, pages | {302: "Way", 303: "Way"})
    return operation | ({"requestBody": body} if body else {})


def _operation(summary: str, answers: Mapping[int, str]) -> Node:
    references = {
        str(status): {"$ref": f"#/components/responses/{name}"}
        for status, name in sorted(answers.items())
    }
    return {"summary": summary, "responses": references}


def _responses() -> Node:
    return {
        **{name: _answer(name) for name in openapi_schemas.ANSWERS if name != "Error"},
        "Refusal": {
            "description": "A refusal, in words of the standards.",
            "content": _as_json("Error"),
        },
        "Unknown": {
            "description": "No such address.",
            "content": _as_json("Error") | {"text/html": {"schema": TEXT}},
        },
        "Empty": {"description": "Nothing to say."},
        "Page": {
            "description": "A page for a person.",
            "content": {"text/html": {"schema": TEXT}},
        },
        "Way": {"description": "Where the browser goes on."},
    }


def _answer(name: str) -> Node:
    """Signed for clients that are registered so, or that ask for it."""
    signed = {kind: {"schema": TEXT} for kind in SIGNED.get(name, ())}
    return {
        "description": f"The answer{', plain or signed' if signed else ''}.",
        "content": _as_json(name) | signed,
    }


def _as_json(name: str) -> Node:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _picture() -> Node:
    image = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/*",)}
    return {
        "summary": "The picture of a person, at the address that a claim gives.",
        "responses": {
            "200": {"description": "The picture.", "content": image},
            "304": {"description": "Nothing new."},
            "404": {"description": "No such picture."},
        },
    }


def render(node: Node) -> str:
    """As YAML, which needs no library as long as it is this plain."""
    return "# Made by `python3 dev openapi` from dev/openapi.py.\n" + "\n".join(_lines(node)) + "\n"


def _lines(node: Any, indent: str = "") -> Iterator[str]:
    if isinstance(node, Mapping):
        pairs = [(f"{_scalar(key)}:", value) for key, value in node.items()]
    else:
        pairs = [("-", value) for value in node]
    for head, value in pairs:
        is_tree = isinstance(value, (Mapping, Sequence)) and not isinstance(value, str)
        if is_tree and value:
            yield indent + head
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{head} {json.dumps(value) if is_tree else _scalar(value)}"


def _scalar(value: Any) -> str:
    is_plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if is_plain else json.dumps(value)


_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def write() -> None:
    """Renew the document."""
    DOCUMENT.write_text(render(document()))
