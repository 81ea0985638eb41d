"""How an application hands in its authorization requests and gets the answers (RFC 9126 §6, JARM §3)."""

from odoo import api, fields, models

from ..protocol.jose.algorithms import ALGORITHMS


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    require_pushed_authorization_requests = fields.Boolean(
        string="Only pushed requests",
        tracking=True,
        help="The application sends each request to this Odoo itself, before the browser comes. Nobody can "
        "change it on the way. Tick it if the application's documentation speaks of PAR.",
    )
    authorization_signed_response_alg = fields.Selection(
        [(name, name) for name in ALGORITHMS],
        string="Signed answers are signed with",
        required=True,
        compute="_compute_authorization_signed_response_alg",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="For applications that ask for signed answers (JARM). Others never see such a signature.",
    )

    @api.depends("security_profile")
    def _compute_authorization_signed_response_alg(self):
        """RS256 is what JARM §3 says where nothing else is agreed; ES256 is ten times as fast and short."""
        for client in self:
            client.authorization_signed_response_alg = (
                "RS256" if client.security_profile == "oidc" else "ES256"
            )
