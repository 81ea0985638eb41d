"""What the pages for people share: the way to each page, rendering, and the words that ask for consent."""

from odoo.http import request

from ..adapters.odoo_http import add_headers
from ..adapters.odoo_languages import speak
from ..adapters.odoo_sessions import login_address, switch_account_address, unlock_address
from .routing import PAGE_HEADERS


class PersonPages:
    """For controllers whose endpoints can ask a person to prove themselves."""

    def _answer_page(self, response):
        """Show the page of ``response``, or lead to Odoo's own."""
        page = response.page
        if page.name == "login":
            address = login_address(page.values["continue_address"], page.values["login_hint"])
            answer = speak(page.values["ui_locales"], request.redirect(address))
        elif page.name == "unlock":
            answer = request.redirect(unlock_address(page.values["continue_address"]))
        else:
            return rendered(response, getattr(self, f"_{page.name}_values")(page.values))
        answer.headers.update(PAGE_HEADERS)
        return answer

    def _reauthenticate_values(self, values):
        return {
            "handle": values["handle"],
            "folder": folder_of(values),
            "client_name": values["client"].name,
            "login": values["login"],
            "is_wrong": request.httprequest.args.get("wrong") == "1",
            "other_login_address": switch_account_address(values["continue_address"]),
        }

    def _step_up_values(self, values):
        return step_up_values(values)

    def _factor_missing_values(self, values):
        return step_up_values(values)

    def _error_values(self, values):
        return dict(values)


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


def step_up_values(values):
    """What the templates of the pages ``step_up`` and ``factor_missing`` read."""
    user, arguments = values["user"], request.httprequest.args
    return {
        "handle": values["handle"],
        "folder": folder_of(values),
        "continue_address": values["continue_address"],
        "client_name": values["client"].name,
        "user_login": user.login,
        "factors": values["factors"],
        "may_skip": values["may_skip"],
        "is_internal": user.is_internal,
        "setup_address": _setup_address(user),
        "is_wrong": arguments.get("wrong") == "1",
        "is_sent": arguments.get("sent") == "1",
        "is_unsent": arguments.get("unsent") == "1",
    }


def _setup_address(user):
    """Where this person sets up factors, if there is a page for it."""
    if user.is_internal:
        return f"/odoo/my-preferences/{user.id}"
    return "/my/security" if "portal.mixin" in request.env else None
