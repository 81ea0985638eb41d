"""grant_type device_code: a device asks until its person has decided (RFC 8628 §3.4 and §3.5)."""

from __future__ import annotations

from ..device_code import DENIED, PENDING, DeviceCode
from ..errors import OAuthError
from ..parts import Grant
from ..secret_hashing import hash_secret
from . import (
    TokenContext,
    check_authorization_is_live,
    invalid_grant,
    issue_tokens,
    scope_still_allowed,
)
from .new_authorization import check_level
from .requested_access import narrow_access

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
    """It ends nothing: RFC 8628 §3.5 has a device ask again after a lost answer, and its code never went through a
    browser, so a second use is no sign of a thief as that of an authorization code is (RFC 6749 §4.1.2)."""
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


def load_device_authorization(context: DeviceTokenContext) -> None:
    """What the person gave when they approved the device, as far as the client may still have it."""
    authorization = context.presented.authorization
    if authorization is None:
        raise AssertionError("A device code was approved by nobody.")
    context.authorization = authorization
    context.scope = scope_still_allowed(context, authorization.scope)


def check_login_level(context: DeviceTokenContext) -> None:
    """An administrator may have raised it since."""
    check_level(context, context.authorization.amr)


def use_up_device_code(context: DeviceTokenContext) -> None:
    context.ports.device_codes.mark_device_code_used(context.presented, context.now)
    context.record("token_issued", user=context.authorization.user, detail="device")


DEVICE_CODE = Grant(
    GRANT_TYPE,
    (
        load_device_code,
        check_device_code_is_unused,
        check_device_code_is_fresh,
        check_person_has_decided,
        load_device_authorization,
        check_authorization_is_live,
        check_login_level,
        narrow_access,
        use_up_device_code,
        issue_tokens,
    ),
    endpoints=("device_authorization", "device_verification", "device_decision"),
)
