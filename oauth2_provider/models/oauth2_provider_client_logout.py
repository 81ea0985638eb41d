"""How an application takes part in logouts (OpenID Connect RP-Initiated, Back-Channel, Front-Channel Logout 1.0), and
where a login at it can be started from here (OpenID Connect Core §4)."""

from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.redirect_uri_matching import check_registrable

_ADDRESSES = ("backchannel_logout_uri", "frontchannel_logout_uri", "initiate_login_uri")


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    post_logout_redirect_uri_ids = fields.One2many(
        "oauth2.provider.post.logout.redirect.uri", "client_id", string="Addresses after logout"
    )
    backchannel_logout_uri = fields.Char(
        string="Tell its server",
        tracking=True,
        help="When people log out here, this Odoo tells the application at this address, by itself.",
    )
    backchannel_logout_session_required = fields.Boolean(
        string="Its server needs the session",
        tracking=True,
        help="It always gets the session, so this only keeps what it has said about itself.",
    )
    frontchannel_logout_uri = fields.Char(
        string="Tell it through the browser",
        tracking=True,
        help="When people log out here, their browser opens this address in a hidden frame.",
    )
    frontchannel_logout_session_required = fields.Boolean(
        string="Its page needs the session",
        tracking=True,
        help="It always gets the session, so this only keeps what it has said about itself.",
    )
    initiate_login_uri = fields.Char(
        string="Start address",
        tracking=True,
        help="People open the application from their own list of applications at this address, already logged in.",
    )
    end_session_endpoint = fields.Char(
        string="Logout address",
        compute="_compute_end_session_endpoint",
        help="Where the application sends people to log out",
    )

    @api.depends("client_identifier")
    def _compute_end_session_endpoint(self):
        for client in self:
            client.end_session_endpoint = f"{client.issuer}/oauth2/end_session"

    @api.constrains(*_ADDRESSES, "local_development")
    def _check_logout_addresses(self):
        for client in self:
            for name in _ADDRESSES:
                if client[name]:
                    client._check_web_address(client[name])

    @api.constrains("application_type", "local_development")
    def _check_post_logout_redirect_uris(self):
        self.post_logout_redirect_uri_ids._check_uri()

    def _check_web_address(self, address):
        try:
            # A server or a page of the web, also where the application itself runs on people's phones.
            check_registrable(
                address, application_type="web", local_development=self.local_development
            )
        except ValueError as error:
            raise ValidationError(
                self.env._("%(address)s: %(reason)s", address=address, reason=error)
            ) from error

    def _start_address(self):
        """Where a person starts to log in to the application, from here (§4); False where it has no such place."""
        self.ensure_one()
        if not self.initiate_login_uri:
            return False
        separator = "&" if "?" in self.initiate_login_uri else "?"
        return f"{self.initiate_login_uri}{separator}{urlencode({'iss': self.issuer})}"
