"""Applications that exchange tokens of others for their own (RFC 8693): whose, for whom, and how visibly."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    use_token_exchange = fields.Boolean(
        string="Exchanges tokens",
        tracking=True,
        help="For a service that is called with a person's token and must call the next service for that person.",
    )
    exchange_client_ids = fields.Many2many(
        "oauth2.provider.client",
        "oauth2_provider_client_exchange_rel",
        "client_id",
        "trusted_client_id",
        string="Takes tokens of",
        tracking=True,
        help="Its own it takes in any case.",
    )
    exchange_target_ids = fields.Many2many(
        "oauth2.provider.client",
        "oauth2_provider_client_exchange_target_rel",
        "client_id",
        "target_client_id",
        string="May call",
        tracking=True,
        help="The services that the new tokens can be for.",
    )
    may_impersonate = fields.Boolean(
        string="Stays invisible",
        tracking=True,
        help="Otherwise each new token says that this application acts for the person.",
    )

    @api.constrains("use_token_exchange", "token_endpoint_auth_method")
    def _check_token_exchange(self):
        for client in self.filtered("use_token_exchange"):
            if client.token_endpoint_auth_method == "none":
                raise ValidationError(
                    self.env._("An application that exchanges tokens must be able to prove itself.")
                )
