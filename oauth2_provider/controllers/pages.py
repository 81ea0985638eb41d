"""What the pages for people share: rendering, and the words that ask for consent."""

from odoo.http import request

from ..adapters.odoo_http import add_headers
from ..adapters.odoo_sessions import switch_account_address
from .routing import PAGE_HEADERS


def rendered(response, values):
    """The page of ``response`` as HTML.

    :param values: what its template reads
    """
    answer = request.render(f"oauth2_provider.{response.page.name}_page", values)
    answer.status_code = response.status
    add_headers(answer, response)
    answer.headers.update(PAGE_HEADERS)
    return answer


def account_values(values):
    """Who is logged in, and the way to another account."""
    user = values["user"]
    return {
        "user_name": user.name,
        "user_login": user.login,
        "switch_account_address": switch_account_address(values["continue_address"]),
    }


def folder_of(values):
    """Our folder as the browser sees it: pages of devices stand elsewhere than those of authorization requests."""
    return values["continue_address"].partition("/oauth2/")[0] + "/oauth2/"


def reauthentication_values(values):
    """For the page that asks for the password once more."""
    return {
        "handle": values["handle"],
        "folder": folder_of(values),
        "client_name": values["client"].name,
        "login": values["login"],
        "is_wrong": request.httprequest.args.get("wrong") == "1",
        "other_login_address": switch_account_address(values["continue_address"]),
    }


def request_for_consent_values(values):
    """Who asks, for what, and whom: what every page that asks for consent shows."""
    client = values["client"]
    scopes = request.env["oauth2.provider.scope"].sudo().search([("name", "in", values["scope"])])
    return {
        "client_name": client.name,
        "policy_uri": client.policy_uri,
        "tos_uri": client.tos_uri,
        "scopes": [(scope.name, scope.description or scope.name) for scope in scopes],
        "resources": [resource.name for resource in values["resources"] if resource.name],
        "details": request.env["oauth2.provider.authorization.details.type"]._describe(
            values["authorization_details"]
        ),
        **account_values(values),
    }
