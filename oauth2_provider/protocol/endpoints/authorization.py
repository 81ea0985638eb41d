"""The authorization endpoint (RFC 6749 §3.1) and the addresses at which its end-user goes on.

``AUTHORIZATION`` checks and stores the request, ``CONTINUE`` shows the next page or answers the client, ``CONSENT``
takes the end-user's decision, ``ACCOUNT`` their choice of account and of what they prove. Nothing that the browser
sends after the first address can change the stored request; everything is checked again each time, since the client may
have been switched off or edited meanwhile.
"""

from __future__ import annotations

from dataclasses import replace

from ..authorization_request import (
    AuthorizationContext,
    authorization_error,
    respond_to_client,
    session_state_parameter,
)
from ..authorization_request.claims import load_claims_request
from ..authorization_request.client import load_client
from ..authorization_request.code_challenge import check_code_challenge
from ..authorization_request.dpop_jkt import load_dpop_jkt
from ..authorization_request.id_token_hint import load_hinted_subjects
from ..authorization_request.max_age import load_max_age
from ..authorization_request.nonce import check_nonce
from ..authorization_request.pending_request import (
    forget_cookie,
    load_pending_request,
    remember_request,
    start_again,
    use_up_request,
)
from ..authorization_request.prompt import check_prompt
from ..authorization_request.pushed_request import check_request_was_pushed, load_pushed_request
from ..authorization_request.redirect_uri import check_redirect_uri
from ..authorization_request.request_object import load_request_object, reject_two_sources
from ..authorization_request.request_object_reference import load_referenced_object
from ..authorization_request.requested_access import load_requested_access
from ..authorization_request.response_mode import check_response_mode
from ..authorization_request.response_type import check_response_type
from ..authorization_request.reused_values import record_reused_values
from ..authorization_request.scope import check_scope
from ..authorization_request.sent_parameters import load_sent_parameters
from ..authorization_request.unsupported import reject_unsupported_parameters
from ..consented_client import digest_of
from ..entities.authorization import NewAuthorization
from ..entities.client import OFFLINE_ACCESS
from ..errors import OAuthError
from ..interaction import identify_end_user, interact
from ..parts import Endpoint
from ..request_checks import check_method
from ..scope import format_scope
from ..secret_hashing import new_identifier
from ..session_management import browser_state, browser_state_cookie


def load_request_of_query(context: AuthorizationContext) -> None:
    load_pending_request(context, context.request.query)


def load_request_of_form(context: AuthorizationContext) -> None:
    load_pending_request(context, context.request.form)


def load_decision(context: AuthorizationContext) -> None:
    """Which button the end-user pressed; without one the page is shown again."""
    context.decision = context.request.form.get("consent")


def load_choices(context: AuthorizationContext) -> None:
    """Whether the end-user wants to go on as who they are; otherwise they log in as somebody else first. And whether
    they can or want to prove more."""
    context.account_choice = context.request.form.get("account")
    context.step_up_choice = context.request.form.get("step_up")


def remember_decision(context: AuthorizationContext) -> None:
    """Only the button "allow" is a yes. It counts for later requests if the client is still what the page has shown."""
    user, client = context.end_user_session.user, context.client
    if context.decision == "allow":
        scope, about = context.consent_scope, digest_of(client)
        remembered = scope if context.request.form.get("shown") == about else frozenset[str]()
        context.ports.consents.remember_consent(user.id, client.id, about, remembered, context.now)
        context.record("consent_given", user=user, detail=format_scope(scope))
        return
    use_up_request(context)
    context.record("consent_denied", user=user)
    denied = OAuthError("access_denied", "The end-user denied the request.")
    context.response = authorization_error(context, denied)


def answer_client(context: AuthorizationContext) -> None:
    """Use the request up, record the authorization, and send what was asked for."""
    if not use_up_request(context):
        context.response = start_again(context)
        return
    session = context.end_user_session
    wanted = [
        part
        for name, part in context.server.parts.response_types.items()
        if name in context.response_type
    ]
    context.authorization_identifier = new_identifier(context.ports.randomness)
    authorization_id = context.ports.authorizations.add_authorization(
        NewAuthorization(
            client_id=context.client.id,
            user_id=session.user.id,
            scope=context.scope,
            redirect_uri=context.redirect_uri,
            session_hash=session.session_hash,
            auth_time=session.auth_time,
            created_at=context.now,
            expires_at=context.now + max(part.lifetime(context) for part in wanted),
            identifier=context.authorization_identifier,
            epoch=session.user.epoch + context.client.epoch,
            is_offline=OFFLINE_ACCESS in context.scope,
            audience=context.audience,
            authorization_details=context.authorization_details,
            nonce=context.nonce,
            acr=context.acr,
            amr=session.amr,
            claims=context.claims,
            session_reference=session.session_reference,
        )
    )
    context.record("login", user=session.user)
    record_reused_values(context, session.user)
    for part in wanted:
        context.issued.extend(part.issue(context, authorization_id))
    context.issued.extend(session_state_parameter(context, browser_state(session)))
    response = respond_to_client(context, context.issued)
    cookies = (
        forget_cookie(context),
        *browser_state_cookie(context.request, session, context.settings),
    )
    context.response = replace(response, headers=response.headers + cookies)


# Where the parameters come from: each file looks for its own kind of reference and replaces what it stands for.
PARAMETER_SOURCES = (
    load_sent_parameters,
    load_client,
    reject_two_sources,
    load_pushed_request,
    load_referenced_object,
    load_request_object,
)

# What they must say, wherever they come from.
REQUEST_CHECKS = (
    check_redirect_uri,
    check_response_type,
    check_response_mode,
    reject_unsupported_parameters,
    check_scope,
    check_nonce,
    check_code_challenge,
    load_dpop_jkt,
    check_prompt,
    load_max_age,
    load_claims_request,
    load_requested_access,
    load_hinted_subjects,
)

_BROWSER_CHECKS = (check_request_was_pushed, *REQUEST_CHECKS)

AUTHORIZATION = Endpoint(
    context=AuthorizationContext,
    steps=(
        check_method("GET", "POST"),
        *PARAMETER_SOURCES,
        *_BROWSER_CHECKS,
        remember_request,
    ),
    error_response=authorization_error,
    refusal_event="authorization_refused",
)

CONTINUE = Endpoint(
    context=AuthorizationContext,
    steps=(
        check_method("GET"),
        load_request_of_query,
        load_client,
        *_BROWSER_CHECKS,
        identify_end_user,
        interact,
        answer_client,
    ),
    error_response=authorization_error,
    refusal_event="authorization_refused",
)

CONSENT = Endpoint(
    context=AuthorizationContext,
    steps=(
        check_method("POST"),
        load_request_of_form,
        load_client,
        *_BROWSER_CHECKS,
        identify_end_user,
        load_decision,
        interact,
        remember_decision,
        answer_client,
    ),
    error_response=authorization_error,
    refusal_event="authorization_refused",
)

ACCOUNT = Endpoint(
    context=AuthorizationContext,
    steps=(
        check_method("POST"),
        load_request_of_form,
        load_client,
        *_BROWSER_CHECKS,
        identify_end_user,
        load_choices,
        interact,
        answer_client,
    ),
    error_response=authorization_error,
    refusal_event="authorization_refused",
)
