"""What OpenID Connect adds to an application (OpenID Connect Registration §2)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.jose.algorithms import ALGORITHMS

_ALGORITHMS = [(name, name) for name in ALGORITHMS]


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    security_profile = fields.Selection(
        selection_add=[("oidc", "A product with OpenID Connect login"), ("odoo_login",)],
        ondelete={"oidc": "set default"},
    )
    use_implicit = fields.Boolean(
        string="Implicit flow",
        tracking=True,
        help="Tokens travel through the address bar. Only for applications that know nothing better.",
    )
    use_hybrid = fields.Boolean(
        string="Hybrid flow",
        tracking=True,
        help="Some tokens travel through the address bar, together with a code.",
    )
    id_token_signed_response_alg = fields.Selection(
        _ALGORITHMS,
        string="ID tokens are signed with",
        required=True,
        compute="_compute_id_token_signed_response_alg",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="RS256 is known to every application. Change it only if the documentation of this one "
        "names another.",
    )
    has_scope_claims_in_id_token = fields.Boolean(
        string="ID tokens hold the personal details",
        tracking=True,
        help="For applications that read the ID token alone and never ask UserInfo, such as an Odoo with auth_oidc. "
        "Others should not get them twice: the token becomes longer and is kept in more places.",
    )
    userinfo_signed_response_alg = fields.Selection(
        _ALGORITHMS,
        string="UserInfo is signed with",
        tracking=True,
        help="Empty: UserInfo is not signed, as almost all applications expect.",
    )
    require_auth_time = fields.Boolean(
        string="Must know when people logged in",
        tracking=True,
        help="Who logged in at an unknown time logs in again.",
    )
    default_max_age = fields.Integer(
        string="Oldest login",
        tracking=True,
        help="Seconds after which people must log in again for this application. 0: no limit.",
    )

    @api.depends("security_profile")
    def _compute_id_token_signed_response_alg(self):
        """RS256 is what every OpenID Connect client knows; ES256 is ten times as fast and short."""
        for client in self:
            client.id_token_signed_response_alg = (
                "RS256" if client.security_profile == "oidc" else "ES256"
            )

    @api.constrains("security_profile", "use_implicit", "use_hybrid")
    def _check_flows(self):
        for client in self.filtered(lambda client: client.use_implicit or client.use_hybrid):
            if client.security_profile != "oidc":
                raise ValidationError(
                    self.env._(
                        "Only products with OpenID Connect login can use implicit or hybrid."
                    )
                )

    @api.constrains("default_max_age")
    def _check_default_max_age(self):
        if any(client.default_max_age < 0 for client in self):
            raise ValidationError(self.env._("The oldest login cannot be negative."))
