"""What a person says about themselves for applications (OpenID Connect Core §5.1)."""

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from .pages import NO_FRAMES, portal_route

ADDRESS = "/my/personal-details"
FIELDS = (
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "gender",
    "birthdate",
    "profile",
)
MAXIMUM_LENGTH = 500


class PersonalDetails(http.Controller):
    @portal_route(ADDRESS, methods=["GET", "POST"])
    def personal_details(self, **_parameters):
        details = self._own_details()
        values = {name: details[name] or "" for name in FIELDS}
        error = None
        if request.httprequest.method == "POST":
            form = request.httprequest.form
            values = {name: form.get(name, "").strip()[:MAXIMUM_LENGTH] for name in FIELDS}
            error = self._save(details, values)
            if error is None:
                return request.redirect(f"{ADDRESS}?saved=1")
        page = {
            "page_name": "oauth2_personal_details",
            "details": values,
            "error": error,
            "is_saved": request.httprequest.args.get("saved") == "1",
        }
        return request.render(
            "oauth2_provider_portal.personal_details_page", page, headers=NO_FRAMES
        )

    def _own_details(self):
        # An administrator may read everybody's, so the record rules alone are not enough here.
        return request.env["oauth2.provider.profile"].search(
            [("user_id", "=", request.env.uid)], limit=1
        )

    def _save(self, details, values):
        """Returns what is wrong with the values, or None."""
        values = {name: value or False for name, value in values.items()}
        try:
            with request.env.cr.savepoint():
                if details:
                    details.write(values)
                else:
                    details.create(values)
        except ValidationError as error:
            return error.args[0]
        return None
