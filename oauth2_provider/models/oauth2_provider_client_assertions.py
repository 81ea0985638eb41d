"""Applications that come with the signed word of another server about a person (RFC 7523 §2.1)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    use_jwt_bearer = fields.Boolean(
        string="Comes with assertions",
        tracking=True,
        help="For an application whose people log in at another server that this Odoo trusts: it shows that server's "
        "signed word and gets access for the person. Trusted Issuers lists those servers.",
    )

    @api.constrains("use_jwt_bearer", "token_endpoint_auth_method")
    def _check_jwt_bearer(self):
        for client in self.filtered("use_jwt_bearer"):
            if client.token_endpoint_auth_method == "none":
                raise ValidationError(
                    self.env._(
                        "An application that comes with assertions must be able to prove itself."
                    )
                )
