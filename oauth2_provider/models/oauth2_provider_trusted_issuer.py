"""Other servers whose signed word about a person is believed (RFC 7523 §2.1)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.jose.jwk_set import load_jwk_set
from ..protocol.outbound_policy import destination_of


class OAuth2ProviderTrustedIssuer(models.Model):
    _name = "oauth2.provider.trusted.issuer"
    _description = "OAuth 2 Trusted Issuer"
    _inherit = ["oauth2.provider.guarded.thread", "oauth2.provider.guarded"]
    _order = "name, id"

    name = fields.Char(
        required=True,
        tracking=True,
        help="For you alone; it is shown to nobody else.",
    )
    active = fields.Boolean(default=True, tracking=True)
    issuer = fields.Char(
        required=True,
        tracking=True,
        help="The name that stands in its assertions (iss), letter by letter.",
    )
    jwks = fields.Text(string="Public keys", tracking=True, help="A JWK Set, as it shows it.")
    jwks_uri = fields.Char(
        string="Address of the keys",
        tracking=True,
        help="It can then change its keys by itself.",
    )
    subject_kind = fields.Selection(
        [
            ("login", "By their login in this Odoo"),
            ("subject", "By the identifier that applications know them by"),
        ],
        string="How does it name people?",
        required=True,
        default="login",
        tracking=True,
        help="What its assertions say about whom they are (sub)",
    )
    client_ids = fields.Many2many(
        "oauth2.provider.client",
        "oauth2_provider_trusted_issuer_client_rel",
        "issuer_id",
        "client_id",
        string="Applications",
        tracking=True,
        help="Only these may come with its assertions.",
    )

    _issuer_unique = models.UniqueIndex("(issuer)", "This issuer is trusted already.")

    @api.constrains("jwks", "jwks_uri")
    def _check_keys(self):
        for trusted in self:
            if bool(trusted.jwks) == bool(trusted.jwks_uri):
                raise ValidationError(
                    self.env._("Please enter either the keys of the issuer or their address.")
                )
            try:
                if trusted.jwks and not load_jwk_set(trusted.jwks).verification_keys:
                    raise ValidationError(
                        self.env._(
                            "None of these keys can check signatures of the kinds that are known here."
                        )
                    )
                if trusted.jwks_uri:
                    destination_of(trusted.jwks_uri)
            except ValueError as error:
                raise ValidationError(self.env._("These keys cannot be used: %s", error)) from error
