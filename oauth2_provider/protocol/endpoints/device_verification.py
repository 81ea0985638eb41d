"""The pages at which a person lets a device in (RFC 8628 §3.3): type the code, see who asks for what, decide.

Even an address that brings the code leads to that question: somebody else may have sent it (§5.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..authorization_request import AuthorizationContext, authorization_error
from ..authorization_request.local_address import (
    DEVICE_PATH,
    MAXIMUM_USER_CODE,
    device_address,
)
from ..consented_client import digest_of
from ..device_code import APPROVED, DENIED, PENDING, DeviceCode
from ..entities.authorization import NewAuthorization
from ..entities.client import OFFLINE_ACCESS
from ..interaction import identify_end_user
from ..interaction.access import check_access
from ..interaction.login import check_login
from ..interaction.step_up import check_authentication_level
from ..messages import NO_STORE, Page, Response
from ..parts import Endpoint
from ..request_checks import check_method
from ..resource_indicators import find_resources
from ..scope import format_scope
from ..secret_hashing import new_identifier
from ..user_code import hash_user_code, read_user_code

ATTEMPT_KIND = "user_code"
# RFC 8628 §5.1: wrong codes within the period before nobody is listened to, by the person, their address, everybody.
ATTEMPT_PERIOD = 600
ATTEMPT_LIMITS = {"user": 10, "address": 30, "all": 2000}


@dataclass(kw_only=True)
class DeviceContext(AuthorizationContext):
    """A person at the page for devices. ``user_code`` as they typed it."""

    user_code: str = ""
    device_code: DeviceCode = field(init=False)

    @property
    def handle(self) -> tuple[str, str]:
        """There is no stored request of a browser: the code leads back."""
        return "user_code", self.user_code

    @property
    def continue_address(self) -> str:
        """Where to come back to after the login."""
        return device_address(self.settings, self.user_code)


def load_user_code(context: DeviceContext) -> None:
    request = context.request
    sent = request.form if request.method == "POST" else request.query
    context.user_code = (sent.get("user_code") or "")[:MAXIMUM_USER_CODE]


def demand_login(context: DeviceContext) -> None:
    """Before the code is looked at, so that guessing needs an account."""
    interaction = check_login(context)
    if interaction is not None:
        context.response = Response(page=interaction.page)


def find_device(context: DeviceContext) -> None:
    """The device that waits with this code; else the page to type it."""
    if not context.user_code:
        context.response = _code_page(context)
        return
    keys = _attempt_keys(context)
    if _is_guessing(context, keys):
        context.response = _code_page(context, problem="too_many", status=429)
        return
    user_code_hash = hash_user_code(context.ports.server_secret, context.user_code)
    code = user_code_hash and context.ports.device_codes.find_by_user_code(user_code_hash)
    client = code and context.ports.clients.find_client(code.client_identifier)
    if not code or not client or code.status != PENDING or context.now >= code.expires_at:
        context.ports.attempts.record_attempt(ATTEMPT_KIND, list(keys.values()), context.now)
        context.response = _code_page(context, problem="wrong", status=400)
        return
    context.device_code = code
    context.client = client
    context.scope = code.scope & client.allowed_scope
    context.resources = find_resources(context, client, code.audience)
    context.authorization_details = code.authorization_details
    check_access(context)


def load_decision(context: DeviceContext) -> None:
    """Which button the person pressed."""
    context.decision = context.request.form.get("consent")


def demand_level(context: DeviceContext) -> None:
    """What the application is held to, the person proves here as they would in a browser of their own. Denying needs no
    proof."""
    interaction = None if context.decision == "deny" else check_authentication_level(context)
    if interaction is not None:
        context.response = Response(page=interaction.page)


def ask_person(context: DeviceContext) -> None:
    client = context.client
    context.response = Response(
        page=Page(
            "device_confirmation",
            {
                "user_code": read_user_code(context.user_code),
                "client": client,
                "client_host": urlsplit(client.client_uri or "").netloc,
                "user": context.end_user_session.user,
                "scope": format_scope(context.consent_scope).split(),
                "resources": context.resources,
                "authorization_details": context.authorization_details,
                "continue_address": context.continue_address,
            },
        )
    )


def write_down_decision(context: DeviceContext) -> None:
    """Only the button "allow" is a yes; anything but the two buttons shows the question again."""
    decision = context.decision
    if decision not in ("allow", "deny"):
        ask_person(context)
        return
    is_allowed = decision == "allow"
    session = context.end_user_session
    device_codes, code = context.ports.device_codes, context.device_code
    if not device_codes.decide_device_code(code, APPROVED if is_allowed else DENIED):
        context.response = _code_page(context, problem="wrong", status=400)
        return
    if is_allowed:
        authorization = _new_authorization(context)
        authorization_id = context.ports.authorizations.add_authorization(authorization)
        device_codes.authorize_device_code(code, authorization_id)
        # So that the person finds it and can end it. Nothing is settled by it for later: what is typed from another
        # screen may have been somebody else's wish (RFC 8628 §5.4).
        context.ports.consents.remember_consent(
            session.user.id,
            context.client.id,
            digest_of(context.client),
            frozenset(),
            context.now,
        )
    context.record(
        "consent_given" if is_allowed else "consent_denied",
        user=session.user,
        detail=f"device: {format_scope(context.scope)}",
    )
    values = {"is_allowed": is_allowed, "client": context.client}
    context.response = Response(page=Page("device_done", values))


def _new_authorization(context: DeviceContext) -> NewAuthorization:
    """Of the login that the person approves with; it does not end with this browser, in which the device never was."""
    client, session, code = context.client, context.end_user_session, context.device_code
    return NewAuthorization(
        client_id=client.id,
        user_id=session.user.id,
        scope=context.scope,
        redirect_uri="",
        session_hash=None,
        auth_time=session.auth_time,
        created_at=context.now,
        expires_at=code.expires_at + client.authorization_lifetime(context.scope),
        identifier=new_identifier(context.ports.randomness),
        epoch=session.user.epoch + client.epoch,
        is_offline=OFFLINE_ACCESS in context.scope,
        audience=code.audience,
        authorization_details=code.authorization_details,
        acr=context.acr,
        amr=session.amr,
    )


def _code_page(context: DeviceContext, *, problem: str = "", status: int = 200) -> Response:
    values = {
        "user_code": context.user_code,
        "problem": problem,
        "address": context.settings.issuer + DEVICE_PATH,
    }
    headers = (*NO_STORE, ("Retry-After", str(ATTEMPT_PERIOD))) if status == 429 else NO_STORE
    return Response(status=status, page=Page("device_code", values), headers=headers)


def _attempt_keys(context: DeviceContext) -> Mapping[str, str]:
    return {
        "user": f"user {context.end_user_session.user.id}",
        "address": f"address {context.request.remote_address}",
        "all": "all",
    }


def _is_guessing(context: DeviceContext, keys: Mapping[str, str]) -> bool:
    since = context.now - ATTEMPT_PERIOD
    counts = context.ports.attempts.count_attempts(ATTEMPT_KIND, list(keys.values()), since)
    return any(counts.get(keys[name], 0) >= limit for name, limit in ATTEMPT_LIMITS.items())


_FIND = (load_user_code, identify_end_user, demand_login, find_device)

DEVICE_VERIFICATION = Endpoint(
    context=DeviceContext,
    steps=(check_method("GET", "POST"), *_FIND, demand_level, ask_person),
    error_response=authorization_error,
    refusal_event="authorization_refused",
)

DEVICE_DECISION = Endpoint(
    context=DeviceContext,
    steps=(check_method("POST"), *_FIND, load_decision, demand_level, write_down_decision),
    error_response=authorization_error,
    refusal_event="authorization_refused",
)
