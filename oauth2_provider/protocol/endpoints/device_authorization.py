"""The device authorization endpoint: a device gets a code to show and one to ask with (RFC 8628 §3.1 and §3.2)."""

from __future__ import annotations

from urllib.parse import urlencode

from ..authorization_details import PARAMETER as DETAILS
from ..authorization_request import AuthorizationContext
from ..authorization_request.local_address import DEVICE_PATH
from ..authorization_request.requested_access import load_requested_access
from ..authorization_request.scope import check_scope
from ..client_authentication import authenticate_client
from ..device_code import DEVICE_CODE_PREFIX, NewDeviceCode
from ..errors import OAuthError
from ..grants.device_code import GRANT_TYPE
from ..messages import Parameters, Response
from ..parts import Endpoint
from ..request_checks import check_form_body, check_method, reject_repeats_in_form
from ..secret_hashing import new_secret
from ..user_code import hash_user_code, new_user_code
from .json_error import json_error

# Two of the same among some thousand open ones come once in a lifetime; three times never.
_DRAWS = 3


def check_client_may_use_devices(context: AuthorizationContext) -> None:
    if GRANT_TYPE not in context.client.grant_types & context.client.profile.grant_types:
        raise OAuthError("unauthorized_client", "This client may not use this grant_type.")


def load_device_request(context: AuthorizationContext) -> None:
    """What the device asks for, as if a browser had brought it, so that the same rules hold: nobody gets more by this
    door (RFC 8628 §3.1). The person is asked for consent each time."""
    sent = [
        pair for pair in context.request.form.pairs if pair[0] in ("scope", "resource", DETAILS)
    ]
    context.parameters = Parameters.of([*sent, ("prompt", "consent")])
    context.response_type = frozenset({"code"})


def issue_device_code(context: AuthorizationContext) -> None:
    settings, randomness = context.settings, context.ports.randomness
    device_code, device_code_hash = new_secret(DEVICE_CODE_PREFIX, randomness)
    user_code = _store(context, device_code_hash)
    address = settings.issuer + DEVICE_PATH
    context.response = Response(
        json={
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": address,
            "verification_uri_complete": f"{address}?{urlencode({'user_code': user_code})}",
            "expires_in": settings.device_code_lifetime,
            "interval": settings.device_poll_interval,
        }
    )


def _store(context: AuthorizationContext, device_code_hash: str) -> str:
    """Store the request of the device under a user code that nobody else waits with at the moment."""
    secret = context.ports.server_secret
    for _draw in range(_DRAWS):
        user_code = new_user_code(context.ports.randomness)
        new = NewDeviceCode(
            device_code_hash=device_code_hash,
            user_code_hash=hash_user_code(secret, user_code) or "",
            client_id=context.client.id,
            scope=context.scope,
            created_at=context.now,
            expires_at=context.now + context.settings.device_code_lifetime,
            interval=context.settings.device_poll_interval,
            audience=context.audience,
            authorization_details=context.authorization_details,
        )
        if context.ports.device_codes.add_device_code(new):
            return user_code
    raise OAuthError("temporarily_unavailable", detail="no free user code was drawn")


DEVICE_AUTHORIZATION = Endpoint(
    context=AuthorizationContext,
    steps=(
        check_method("POST"),
        check_form_body,
        reject_repeats_in_form,
        authenticate_client,
        check_client_may_use_devices,
        load_device_request,
        check_scope,
        load_requested_access,
        issue_device_code,
    ),
    error_response=json_error,
    refusal_event="authorization_refused",
)
