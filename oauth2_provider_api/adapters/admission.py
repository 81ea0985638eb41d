"""Who uses a route: the protocol's verdict on the request under way, reached once however often Odoo repeats it."""

import re

from odoo import SUPERUSER_ID, api
from odoo.addons.oauth2_provider.adapters.odoo_dispatcher import EXPOSED_HEADERS
from odoo.addons.oauth2_provider.adapters.odoo_http import to_json_response, to_request
from odoo.addons.oauth2_provider.controllers.routing import UNAVAILABLE
from odoo.addons.oauth2_provider.protocol.errors import OAuthError
from odoo.addons.oauth2_provider.protocol.resource_access import (
    Demand,
    Refusal,
    admit,
    record_refused_use,
    refuse_scope,
)
from odoo.addons.oauth2_provider.protocol.scope import parse_scope
from odoo.addons.oauth2_provider.protocol.tokens.presented import may_be_ours
from odoo.exceptions import AccessError
from odoo.http import request
from werkzeug.exceptions import Forbidden, HTTPException, default_exceptions

_CREDENTIALS = re.compile(r"(bearer|dpop)\s+(.*)", re.I | re.S)


def is_guarded(routing):
    """Whether a route takes access tokens, and which ones it says itself."""
    return routing.get("auth") == "oauth2" or "oauth2_resource" in routing


def shows_token():
    """Whether the request brings what may be a token of ours; API keys are none of our business."""
    found = _CREDENTIALS.match(request.httprequest.headers.get("Authorization", ""))
    return bool(found) and (found[1].lower() == "dpop" or may_be_ours(found[2]))


def current_admission():
    """As whom and how far the request under way acts by an access token; None if it does not."""
    return getattr(request, "oauth2_admission", None) if request else None


def closed_to_tokens(env):
    """The error for whom ``current_admission`` keeps out, also where Odoo goes on as superuser."""
    return AccessError(env._("Applications cannot use this."))


def load_admission(routing):
    """Reach the verdict, for ``current_admission`` and the answer.

    :return: the refusal of somebody who may still be known to somebody else
    :raises HTTPException: if the request is refused
    """
    verdict = getattr(request, "oauth2_verdict", None)
    if verdict is None:
        # Odoo repeats a request that lost against a parallel one; a proof of possession is good for one verdict only.
        verdict = request.oauth2_verdict = _reach_verdict(routing)
    if isinstance(verdict, Refusal):
        if verdict.is_of_stranger:
            return verdict
        raise refusal(verdict.response)
    request.oauth2_admission = verdict
    for name, value in verdict.headers:
        request.future_response.headers.set(name, value)
    return None


def _reach_verdict(routing):
    if not shows_token():
        return _judge(request.env.cr, routing)
    # A cursor of its own: what it writes, used proofs and events, stays whatever becomes of the request; and the
    # request's may be one of a replica, which hears of revocations late.
    with request.env.registry.cursor() as cr:
        return _judge(cr, routing)


def _judge(cr, routing):
    try:
        server = _server(cr)
    except ValueError:
        # Without an issuer nobody has a token of ours.
        return Refusal(OAuthError("temporarily_unavailable"), UNAVAILABLE, is_of_stranger=True)
    return admit(server, to_request(with_body=False), _demand(server, routing))


def refuse_beyond_scope(routing, needed):
    """The refusal of an admitted request that tries what only ``needed`` allows."""
    response = _about_admitted(refuse_scope, {**routing, "oauth2_any_scope": needed})
    return refusal(response)


def record_closed_use(routing, detail):
    """Leave an event, in which nothing stands that the request could choose at will."""
    _about_admitted(record_refused_use, routing, detail)


def _about_admitted(function, routing, *arguments):
    with request.env.registry.cursor() as cr:
        server = _server(cr)
        demand, sent = _demand(server, routing), to_request(with_body=False)
        return function(server, sent, demand, current_admission(), *arguments)


def _server(cr):
    env = api.Environment(cr, SUPERUSER_ID, {})
    return env["oauth2.provider.server"]._authorization_server()


def _demand(server, routing):
    return Demand(
        resource=server.settings.issuer + routing.get("oauth2_resource", ""),
        scope=parse_scope(routing.get("oauth2_scope", "")),
        any_scope=tuple(routing.get("oauth2_any_scope", "").split()),
        acr_values=tuple(routing.get("oauth2_acr_values", "").split()),
        max_age=routing.get("oauth2_max_age"),
    )


def refusal(response):
    """An exception that Odoo answers exactly so, once it has rolled back."""
    error_class = default_exceptions.get(response.status, Forbidden)
    answer = to_json_response(_as_of_json2(response, error_class))
    origin = (request.oauth2_routing or {}).get("cors")
    if origin:
        # Odoo sets it after it knows who asks; a page must be able to read why it was refused.
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    error = error_class(response=answer)
    error.is_oauth2_refusal = True
    return error


def _as_of_json2(response, error_class):
    """On JSON-2 its own members as well, which its clients look for."""
    if request.dispatcher.routing_type != "json2":
        return response
    message = response.json["error_description"]
    members = {
        "name": f"{error_class.__module__}.{error_class.__name__}",
        "message": message,
        "arguments": [message, response.status],
        "context": {},
        "debug": "",
    }
    return type(response)(response.status, members | response.json, headers=response.headers)


def is_refusal(exception):
    return isinstance(exception, HTTPException) and hasattr(exception, "is_oauth2_refusal")
