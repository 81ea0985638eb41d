"""How the tokens of an application look and how long they live (RFC 6749 §1.4 and §1.5, OpenID Connect Core §11)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.jose.algorithms import ALGORITHMS

DAY = 86400
LONGEST_GRACE = 60


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    access_token_format = fields.Selection(
        [
            ("opaque", "Random, checked here each time"),
            ("jwt", "Signed, readable by the resource itself (JWT)"),
        ],
        string="Access tokens are",
        required=True,
        default="opaque",
        tracking=True,
        help="Random ones end at once when somebody ends them here. Signed ones are for systems that "
        "cannot ask here about each token.",
    )
    access_token_signed_response_alg = fields.Selection(
        [(name, name) for name in ALGORITHMS],
        string="They are signed with",
        required=True,
        default="ES256",
        tracking=True,
        help="What the resource can check; its documentation says so.",
    )
    served_resource_ids = fields.One2many(
        "oauth2.provider.resource",
        "introspection_client_id",
        string="Asks about tokens for",
        readonly=True,
        help="The resources whose own form names this application",
    )
    introspection_signed_response_alg = fields.Selection(
        [(name, name) for name in ALGORITHMS],
        string="Answers about tokens are signed with",
        required=True,
        compute="_compute_introspection_signed_response_alg",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="If it asks for signed answers",
    )
    offline_access = fields.Selection(
        [
            ("never", "Ends when people log out here"),
            ("asked", "Stays after that, if it asks for it and they agree"),
            ("always", "Always stays after that; they are told so"),
        ],
        string="Its connection",
        required=True,
        default="asked",
        tracking=True,
        help="What happens when people log out. An application that works while nobody looks, as a "
        "calendar on a phone, has to stay connected.",
    )
    session_refresh_token_lifetime = fields.Integer(
        required=True,
        default=7 * DAY,
        tracking=True,
        help="Seconds after which a connection ends that lives only as long as the login here",
    )
    refresh_token_grace = fields.Integer(
        required=True,
        # Long enough for parallel requests and for a repetition right after a broken line; for a thief, a race.
        default=10,
        tracking=True,
        help="Seconds for which a renewal may be repeated and gets the same answer",
    )

    @api.depends("security_profile")
    def _compute_introspection_signed_response_alg(self):
        """RS256 is what RFC 9701 §6 says where nothing else is agreed; FAPI 2.0 §5.4 forbids it."""
        for client in self:
            client.introspection_signed_response_alg = (
                "ES256" if client.security_profile == "fapi2" else "RS256"
            )

    @api.constrains("access_token_format", "security_profile")
    def _check_access_token_format(self):
        for client in self:
            if client.access_token_format == "jwt" and client.security_profile == "odoo_login":
                raise ValidationError(
                    self.env._("A token for another Odoo travels in the address: it must be short.")
                )

    @api.constrains(
        "refresh_token_grace", "session_refresh_token_lifetime", "access_token_lifetime"
    )
    def _check_refresh_limits(self):
        for client in self:
            if not 0 <= client.refresh_token_grace <= LONGEST_GRACE:
                raise ValidationError(
                    self.env._("A renewal may be repeated for 0 to %s seconds.", LONGEST_GRACE)
                )
            if client.refresh_token_grace > client.access_token_lifetime:
                raise ValidationError(
                    self.env._("A renewal must not be repeated when its access token has ended.")
                )
            if client.session_refresh_token_lifetime < 60:
                raise ValidationError(
                    self.env._("A connection must not end before a minute has passed.")
                )
