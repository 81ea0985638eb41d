"""Connect another Odoo: from its address alone to an application and the values to enter over there."""

from urllib.parse import urlsplit

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..issuer_address import normalize_address
from ..protocol.web_address import LOOPBACK_HOSTS

# Where a stock Odoo takes the answer of every OAuth provider.
SIGN_IN_PATH = "/auth_oauth/signin"


class OAuth2ProviderConnectOdoo(models.TransientModel):
    _name = "oauth2.provider.connect.odoo"
    _description = "Connect Another Odoo"

    address = fields.Char(
        string="Address of the other Odoo", help="As people open it in their browser"
    )
    name = fields.Char(help="People read this name when they are asked for their consent")
    is_local = fields.Boolean(compute="_compute_is_local")

    @api.model
    def default_get(self, fields_list):
        # Better told before the form is filled in than after.
        self.env["oauth2.provider.client"]._check_issuer_confirmed()
        return super().default_get(fields_list)

    @api.depends("address")
    def _compute_is_local(self):
        for wizard in self:
            wizard.is_local = (wizard.address or "").startswith("http://")

    @api.onchange("address")
    def _onchange_address(self):
        if self.address:
            self.address = self._normalized_address()
            self.name = self.name or urlsplit(self.address).hostname

    def action_connect(self):
        """Create the application and open the page with the values for the other side."""
        self.ensure_one()
        address = self._normalized_address()
        client = self.env["oauth2.provider.client"].create(
            {
                "name": self.name or urlsplit(address).hostname,
                "security_profile": "odoo_login",
                "local_development": address.startswith("http://"),
                "client_uri": address if address.startswith("https://") else False,
                "redirect_uri_ids": [Command.create({"uri": address + SIGN_IN_PATH})],
            }
        )
        return client.action_connect_odoo()

    def _normalized_address(self):
        """Scheme, host and port of what was entered: people paste the address of any page of the other Odoo."""
        try:
            parts = urlsplit(normalize_address(self.address or ""))
        except ValueError as error:
            raise ValidationError(
                self.env._("%(address)s: %(reason)s", address=self.address, reason=error)
            ) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValidationError(
                self.env._(
                    "Please enter the address of the other Odoo, like https://odoo.example.com"
                )
            )
        if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
            raise ValidationError(
                self.env._(
                    "The other Odoo must be reached by https:// – without encryption everybody on the way "
                    "could take over the login. Only an Odoo on this computer (localhost) may do without."
                )
            )
        return f"{parts.scheme}://{parts.netloc}"
