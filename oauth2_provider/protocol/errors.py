"""The one table of errors and the one exception (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, OIDC Core §3.1.2.6).

A code has one default description and one HTTP status here. What a stranger may read is ``description``; what
only administrators may read, in the event log, is ``detail``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")


@dataclass(frozen=True)
class ErrorDefinition:
    """``is_routine``: part of the normal course, so no event for administrators."""

    status: int
    description: str
    is_routine: bool = False


ERRORS = {
    # Authorization endpoint (RFC 6749 §4.1.2.1)
    "invalid_request": ErrorDefinition(
        400, "The request is malformed or lacks a required parameter."
    ),
    "unauthorized_client": ErrorDefinition(400, "This client may not use this flow."),
    "access_denied": ErrorDefinition(
        403, "The end-user or the authorization server denied the request."
    ),
    "unsupported_response_type": ErrorDefinition(
        400, "The server does not support this response_type."
    ),
    "invalid_scope": ErrorDefinition(
        400, "The scope is unknown, malformed or not allowed for this client."
    ),
    "server_error": ErrorDefinition(500, "The server met an unexpected condition."),
    "temporarily_unavailable": ErrorDefinition(
        503, "The server cannot answer right now, try again."
    ),
    # Authorization endpoint (OpenID Connect Core §3.1.2.6)
    "login_required": ErrorDefinition(400, "The end-user has to log in."),
    "interaction_required": ErrorDefinition(400, "The end-user has to act."),
    "consent_required": ErrorDefinition(400, "The end-user has to consent."),
    "account_selection_required": ErrorDefinition(400, "The end-user has to choose an account."),
    "request_not_supported": ErrorDefinition(400, "The parameter request is not supported."),
    "request_uri_not_supported": ErrorDefinition(
        400, "The parameter request_uri is not supported."
    ),
    "invalid_request_uri": ErrorDefinition(
        400, "The request_uri is unknown, expired, used up or of another client."
    ),
    "invalid_request_object": ErrorDefinition(400, "The request object is invalid."),
    "registration_not_supported": ErrorDefinition(
        400, "The parameter registration is not supported."
    ),
    # OpenID Connect Core Error Code unmet_authentication_requirements 1.0
    "unmet_authentication_requirements": ErrorDefinition(
        400, "The end-user cannot authenticate in the required way."
    ),
    # Token endpoint (RFC 6749 §5.2)
    "invalid_client": ErrorDefinition(401, "Client authentication failed."),
    "invalid_grant": ErrorDefinition(
        400, "The grant is invalid, expired, revoked or was issued to another client."
    ),
    "unsupported_grant_type": ErrorDefinition(400, "The server does not support this grant_type."),
    # Resources and details (RFC 8707 §2, RFC 9396 §5)
    "invalid_target": ErrorDefinition(
        400, "A resource is unknown, malformed or not allowed for this client."
    ),
    "invalid_authorization_details": ErrorDefinition(
        400, "The authorization_details are malformed, or of a type that is not allowed."
    ),
    # DPoP (RFC 9449 §5, §8)
    "invalid_dpop_proof": ErrorDefinition(400, "The DPoP proof is missing or invalid."),
    "use_dpop_nonce": ErrorDefinition(400, "The DPoP proof needs the nonce of this answer."),
    # Token endpoint, waiting devices (RFC 8628 §3.5)
    "authorization_pending": ErrorDefinition(
        400, "The end-user has not decided yet.", is_routine=True
    ),
    "slow_down": ErrorDefinition(
        400, "Ask less often: wait five seconds longer each time.", is_routine=True
    ),
    "expired_token": ErrorDefinition(400, "The device_code has expired, start again."),
    # Client registration endpoint (RFC 7591 §3.2.2)
    "invalid_redirect_uri": ErrorDefinition(400, "A redirect URI cannot be registered."),
    "invalid_client_metadata": ErrorDefinition(400, "The client metadata cannot be registered."),
    # Protected resources (RFC 6750 §3.1)
    "invalid_token": ErrorDefinition(401, "The access token is unknown, expired or revoked."),
    "insufficient_user_authentication": ErrorDefinition(
        401, "The end-user must prove more, or prove themselves again."
    ),
    "insufficient_scope": ErrorDefinition(403, "The access token lacks the needed scope."),
}


class OAuthError(Exception):
    """A refusal with a standard code.

    :param code: a key of ``ERRORS``
    :param description: public text for developers, ASCII without quote and backslash (RFC 6749 §5.2); never translated
    :param detail: private text for administrators; must not hold a secret, a code or a token
    :param status: HTTP status if it differs from the table's
    :param headers: additional response headers
    """

    def __init__(
        self,
        code: str,
        description: str | None = None,
        *,
        detail: str = "",
        status: int | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        definition = ERRORS[code]
        self.code = code
        self.description = description or definition.description
        self.detail = detail
        self.status = status or definition.status
        self.headers = headers
        self.is_routine = definition.is_routine
        if not _DESCRIPTION.fullmatch(self.description):
            raise ValueError(f"error_description holds forbidden characters: {self.description!r}")
        super().__init__(f"{code}: {self.description}")

    def members(self) -> dict[str, str]:
        """What a client is told, in the order of RFC 6749 §5.2."""
        return {"error": self.code, "error_description": self.description}
