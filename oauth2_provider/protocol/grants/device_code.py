"""grant_type device_code: a device asks until its person has decided (RFC 8628 §3.4 and §3.5)."""

from __future__ import annotations

from ..authorization_details import narrowed_details
from ..device_code import DENIED, PENDING, DeviceCode
from ..errors import OAuthError
from ..parts import Grant
from ..secret_hashing import hash_secret
from . import TokenContext, invalid_grant, issue_tokens
from .new_authorization import begin_authorization
from .requested_access import check_was_granted, narrow_access

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
# RFC 8628 §3.5.
SLOW_DOWN_STEP = 5

DeviceTokenContext = TokenContext[DeviceCode]


def load_device_code(context: DeviceTokenContext) -> None:
    code = context.ports.device_codes.take_device_code(
        hash_secret(context.parameter("device_code"))
    )
    if code is None:
        raise invalid_grant("unknown device code")
    if code.client_id != context.client.id:
        raise invalid_grant("the device code belongs to another client")
    context.presented = code


def check_device_code_is_unused(context: DeviceTokenContext) -> None:
    if context.presented.used_at is not None:
        raise invalid_grant("the device code was used before")


def check_device_code_is_fresh(context: DeviceTokenContext) -> None:
    if context.now >= context.presented.expires_at:
        raise OAuthError("expired_token")


def check_person_has_decided(context: DeviceTokenContext) -> None:
    code = context.presented
    if code.is_contended:
        # The device asks twice at once, or its person presses the button at this moment.
        raise OAuthError("authorization_pending")
    if code.status == DENIED:
        raise OAuthError("access_denied", "The end-user denied the request.", status=400)
    if code.status == PENDING:
        raise OAuthError(_waiting(context, code))


def _waiting(context: DeviceTokenContext, code: DeviceCode) -> str:
    is_early = code.polled_at is not None and context.now - code.polled_at < code.interval
    interval = code.interval + SLOW_DOWN_STEP if is_early else code.interval
    context.ports.device_codes.note_poll(code, context.now, interval)
    return "slow_down" if is_early else "authorization_pending"


def check_request_is_covered(context: DeviceTokenContext) -> None:
    """What the device asks for now (RFC 8707 §2.2, RFC 9396 §6), before the code is used up for it."""
    code, form = context.presented, context.request.form
    check_was_granted(context, code.scope, code.audience)
    narrowed_details(context, code.authorization_details, form)


def begin_device_authorization(context: DeviceTokenContext) -> None:
    """Of the login that the person approved with; it does not end with that browser, in which the device never was."""
    code = context.presented
    if code.login is None:
        raise AssertionError("A device code was approved by nobody.")
    context.ports.device_codes.mark_device_code_used(code, context.now)
    context.scope = code.scope & context.client.allowed_scope
    if not context.scope:
        raise invalid_grant("all of the scope has been taken from the client")
    context.audience, context.authorization_details = code.audience, code.authorization_details
    end = context.now + context.client.authorization_lifetime(context.scope)
    begin_authorization(context, code.login.user, end, login=code.login)
    context.record("token_issued", user=code.login.user, detail="device")


DEVICE_CODE = Grant(
    GRANT_TYPE,
    (
        load_device_code,
        check_device_code_is_unused,
        check_device_code_is_fresh,
        check_person_has_decided,
        check_request_is_covered,
        begin_device_authorization,
        narrow_access,
        issue_tokens,
    ),
    endpoints=("device_authorization", "device_verification", "device_decision"),
)
