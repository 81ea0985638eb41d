"""The end session endpoint (OpenID Connect RP-Initiated Logout 1.0) and the addresses at which its end-user goes on.

``END_SESSION`` checks and keeps the request, ``CONTINUE`` asks the person or logs out, ``CONFIRM`` takes the answer.
Everything is checked again each time, since the client may have been edited meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..frontchannel_logout import frontchannel_logout_address
from ..messages import Page, Response
from ..parts import Endpoint
from ..request_checks import check_method
from ..rp_initiated_logout import LogoutContext, logout_error
from ..rp_initiated_logout.client import load_client
from ..rp_initiated_logout.confirmation import ask_for_confirmation, load_decision
from ..rp_initiated_logout.id_token_hint import load_hint
from ..rp_initiated_logout.pending_request import (
    load_parameters,
    load_request_of_form,
    load_request_of_query,
    remember_request,
)
from ..rp_initiated_logout.post_logout_redirect_uri import check_post_logout_redirect_uri
from ..server import AuthorizationServer
from ..session_management import CHECK_SESSION_PATH


def identify_end_user(context: LogoutContext) -> None:
    context.session = context.ports.sessions.current()


def end_session(context: LogoutContext) -> None:
    """Log out, and have the browser tell the clients that want to hear it from there, before it goes on."""
    frames = []
    if context.session is not None:
        session_hash = context.session.session_hash
        frames = [
            frontchannel_logout_address(context.settings, client, session_hash)
            for client in context.ports.sessions.clients_of(session_hash)
        ]
        context.record("logged_out", user=context.user)
        context.ports.sessions.end()
    if context.return_address is not None and not frames:
        context.response = Response.redirect(context.return_address)
        return
    values = {
        "frames": frames,
        "return_address": context.return_address,
        "ui_locales": context.ui_locales,
    }
    context.response = Response(page=Page("logged_out", values))


def logout_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    """RP-Initiated Logout §2.1, Back-Channel Logout §2.1, Front-Channel Logout §3, Session Management §3.3."""
    if "end_session" not in server.parts.endpoints:
        return {}
    return {
        "end_session_endpoint": f"{server.settings.issuer}/oauth2/end_session",
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "check_session_iframe": server.settings.issuer + CHECK_SESSION_PATH,
    }


_CHECKS = (load_hint, load_client, check_post_logout_redirect_uri)

END_SESSION = Endpoint(
    context=LogoutContext,
    steps=(check_method("GET", "POST"), load_parameters, *_CHECKS, remember_request),
    error_response=logout_error,
    refusal_event="logout_refused",
)

CONTINUE = Endpoint(
    context=LogoutContext,
    steps=(
        check_method("GET"),
        load_request_of_query,
        *_CHECKS,
        identify_end_user,
        ask_for_confirmation,
        end_session,
    ),
    error_response=logout_error,
    refusal_event="logout_refused",
)

CONFIRM = Endpoint(
    context=LogoutContext,
    steps=(
        check_method("POST"),
        load_request_of_form,
        *_CHECKS,
        identify_end_user,
        load_decision,
        end_session,
    ),
    error_response=logout_error,
    refusal_event="logout_refused",
)
