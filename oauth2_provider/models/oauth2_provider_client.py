"""Applications: the clients of RFC 6749 §2, with the metadata of RFC 7591 §2 that the server needs."""

import re
import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.redirect_uri_matching import check_registrable

DAY = 86400
# The identifier is part of addresses, so it keeps to the unreserved characters of RFC 3986 §2.3.
_CLIENT_IDENTIFIER = re.compile(r"[A-Za-z0-9._~-]{1,128}")


class OAuth2ProviderClient(models.Model):
    _name = "oauth2.provider.client"
    _description = "OAuth 2 Application"
    _inherit = ["oauth2.provider.guarded.thread", "oauth2.provider.guarded"]
    _order = "name, id"

    name = fields.Char(
        required=True,
        tracking=True,
        help="People read this name when they are asked for their consent",
    )
    active = fields.Boolean(default=True, tracking=True)
    client_identifier = fields.Char(
        string="Client ID",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
    )
    security_profile = fields.Selection(
        [
            ("oauth21", "A web, mobile or desktop application"),
            ("odoo_login", "Another Odoo (stock login)"),
        ],
        string="What is it?",
        required=True,
        default="oauth21",
        tracking=True,
        help="If its documentation speaks of OpenID Connect, of discovery or of an issuer, it is a "
        "product with OpenID Connect login.",
    )
    application_type = fields.Selection(
        [("web", "On a web server"), ("native", "On people's phones or computers")],
        string="Where does it run?",
        required=True,
        default="web",
        tracking=True,
        help="On people's phones and computers it may also use addresses on that device, or addresses "
        "that begin with a name of its own.",
    )
    token_endpoint_auth_method = fields.Selection(
        [
            ("client_secret_basic", "With a secret, in the header"),
            ("client_secret_post", "With a secret, in the form"),
            ("none", "It cannot keep a secret"),
        ],
        string="How does it prove itself?",
        required=True,
        compute="_compute_token_endpoint_auth_method",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="How it shows that it is itself when it fetches tokens; its documentation says what it "
        "can. What runs in a browser or on people's devices cannot keep a secret.",
    )
    redirect_uri_ids = fields.One2many(
        "oauth2.provider.redirect.uri",
        "client_id",
        string="Redirect addresses",
        help="Where people are sent with the answer. When these addresses, the name, the home page, the keys or the "
        "way in which it proves itself change, people are asked for their consent again; what is connected goes on.",
    )
    secret_ids = fields.One2many("oauth2.provider.client.secret", "client_id", string="Secrets")
    scope_ids = fields.Many2many(
        "oauth2.provider.scope",
        "oauth2_provider_client_scope_rel",
        "client_id",
        "scope_id",
        string="May ask for",
        default=lambda self: self.env["oauth2.provider.scope"].search([("is_default", "=", True)]),
        tracking=True,
        help="The most that it may ask people for",
    )
    is_trusted = fields.Boolean(
        string="Trusted: do not ask for consent",
        tracking=True,
        help="For applications of your own organisation. People go straight through.",
    )
    use_refresh_token = fields.Boolean(
        string="Stay connected",
        tracking=True,
        help="The application may renew its access by itself, until somebody ends it.",
    )
    local_development = fields.Boolean(
        tracking=True,
        help="Without encryption everybody on the way can take over logins. Only for trying things out.",
    )
    access_token_lifetime = fields.Integer(
        required=True,
        compute="_compute_access_token_lifetime",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Seconds that an access token is valid",
    )
    refresh_token_idle_lifetime = fields.Integer(
        required=True,
        default=30 * DAY,
        tracking=True,
        help="Seconds after which an unused connection ends",
    )
    refresh_token_lifetime = fields.Integer(
        required=True,
        default=180 * DAY,
        tracking=True,
        help="Seconds after which every connection ends and the user must log in again",
    )
    allowed_users = fields.Selection(
        [
            ("all", "Everybody with an account, portal users too"),
            ("internal", "Internal users only"),
        ],
        string="Who may use it?",
        required=True,
        default="all",
        tracking=True,
        help="Portal users are customers, suppliers and others who see only their own documents here.",
    )
    group_ids = fields.Many2many(
        "res.groups",
        "oauth2_provider_client_group_rel",
        "client_id",
        "group_id",
        string="Only members of",
        # Without its last group it would be open to everybody.
        ondelete="restrict",
        tracking=True,
        help="Empty: everybody of the kind above",
    )
    # Asked with each token, so that only those of clients with groups pay for it.
    has_groups = fields.Boolean(compute="_compute_has_groups", store=True)
    company_id = fields.Many2one(
        "res.company",
        help="Whose administrators see it. Empty: all.",
        tracking=True,
    )
    client_uri = fields.Char(
        string="Home page",
        tracking=True,
        help="Where people can read what the application is. The consent page has a link to it.",
    )
    policy_uri = fields.Char(
        string="Privacy policy",
        tracking=True,
        help="What the application does with what it learns about people. The consent page has a link "
        "to it.",
    )
    tos_uri = fields.Char(
        string="Terms of service",
        tracking=True,
        help="The consent page has a link to them.",
    )

    _client_identifier_unique = models.UniqueIndex(
        "(client_identifier)", "There is already an application with this client ID."
    )

    @api.model
    def _is_guarded(self, field):
        # An application brought along from elsewhere keeps its client ID; later it never changes.
        return field.name != "client_identifier" and super()._is_guarded(field)

    def _may_be_named_at_login(self):
        """Whether its name may stand on the login page, above the field for the password."""
        return bool(self)

    @api.depends("group_ids")
    def _compute_has_groups(self):
        for client in self:
            client.has_groups = bool(client.group_ids)

    @api.depends("security_profile")
    def _compute_access_token_lifetime(self):
        for client in self:
            client.access_token_lifetime = 120 if client.security_profile == "odoo_login" else 3600

    @api.depends("security_profile", "application_type")
    def _compute_token_endpoint_auth_method(self):
        for client in self:
            public = client.security_profile == "odoo_login" or client.application_type == "native"
            client.token_endpoint_auth_method = "none" if public else "client_secret_basic"

    @api.constrains("client_identifier")
    def _check_client_identifier(self):
        for client in self:
            if not _CLIENT_IDENTIFIER.fullmatch(client.client_identifier):
                raise ValidationError(
                    self.env._("A client ID has at most 128 letters, digits and the signs - . _ ~")
                )

    @api.constrains("security_profile", "use_refresh_token", "application_type")
    def _check_odoo_login(self):
        for client in self.filtered(lambda client: client.security_profile == "odoo_login"):
            if client.use_refresh_token or client.application_type != "web":
                raise ValidationError(
                    self.env._(
                        "Another Odoo runs on a web server and cannot stay connected by itself."
                    )
                )

    @api.constrains(
        "access_token_lifetime",
        "refresh_token_idle_lifetime",
        "refresh_token_lifetime",
        "security_profile",
    )
    def _check_lifetimes(self):
        for client in self:
            longest = 600 if client.security_profile == "odoo_login" else DAY
            if not 10 <= client.access_token_lifetime <= longest:
                raise ValidationError(
                    self.env._("An access token must be valid for 10 to %s seconds.", longest)
                )
            if not 60 <= client.refresh_token_idle_lifetime <= client.refresh_token_lifetime:
                raise ValidationError(
                    self.env._(
                        "An unused connection must end after a minute at least, "
                        "and not later than every connection."
                    )
                )

    @api.constrains("client_uri", "policy_uri", "tos_uri")
    def _check_links(self):
        for client in self:
            for link in filter(None, (client.client_uri, client.policy_uri, client.tos_uri)):
                try:
                    check_registrable(link, application_type="web", local_development=False)
                except ValueError as error:
                    raise ValidationError(
                        self.env._("%(address)s: %(reason)s", address=link, reason=error)
                    ) from error

    @api.constrains("application_type", "local_development")
    def _check_redirect_uris(self):
        self.redirect_uri_ids._check_uri()
