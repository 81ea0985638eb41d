"""Resources: what takes access tokens, here or elsewhere (RFC 8707), and the details that it understands (RFC 9396)."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..protocol.resource_indicators import canonical, check_identifier


class OAuth2ProviderResource(models.Model):
    _name = "oauth2.provider.resource"
    _description = "OAuth 2 Resource"
    _inherit = ["oauth2.provider.guarded.thread", "oauth2.provider.guarded"]
    _order = "name, id"

    name = fields.Char(
        required=True,
        tracking=True,
        help="People read this name when they are asked for their consent",
    )
    active = fields.Boolean(default=True, tracking=True)
    identifier = fields.Char(
        string="Address",
        required=True,
        tracking=True,
        help="The absolute URI by which applications name it, and which it finds in its tokens, letter by letter. "
        "Only a single / at the end of a host makes no difference.",
    )
    canonical_identifier = fields.Char(compute="_compute_canonical_identifier", store=True)
    scope_ids = fields.Many2many(
        "oauth2.provider.scope",
        "oauth2_provider_resource_scope_rel",
        "resource_id",
        "scope_id",
        string="Understands",
        # Without the last one its tokens would carry everything.
        ondelete="restrict",
        help="Tokens for it carry these scopes only. Empty: all that the application was given.",
    )
    is_restricted = fields.Boolean(
        string="Only for certain applications",
        compute="_compute_is_restricted",
        store=True,
        readonly=False,
        tracking=True,
    )
    client_ids = fields.Many2many(
        "oauth2.provider.client",
        "oauth2_provider_resource_client_rel",
        "resource_id",
        "client_id",
        string="Only for",
        help="Applications that may get tokens for it. Empty: none.",
    )
    introspection_client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Asks about tokens as",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('token_endpoint_auth_method', '!=', 'none')]",
        help="The application whose secret or key it uses to ask this Odoo what a token is worth. Not needed if it "
        "reads signed tokens by itself.",
    )
    details_type_ids = fields.One2many(
        "oauth2.provider.authorization.details.type", "resource_id", string="Kinds of details"
    )

    _canonical_identifier_unique = models.UniqueIndex(
        "(canonical_identifier)", "There is already a resource at this address."
    )

    @api.depends("identifier")
    def _compute_canonical_identifier(self):
        for resource in self:
            resource.canonical_identifier = canonical(resource.identifier or "")

    @api.depends("client_ids")
    def _compute_is_restricted(self):
        """Naming an application closes a resource to all others; that it goes away later opens it to nobody."""
        for resource in self:
            resource.is_restricted = resource.is_restricted or bool(resource.client_ids)

    @api.constrains("identifier")
    def _check_identifier(self):
        issuer = self.env["ir.config_parameter"].sudo().get_param("oauth2_provider.issuer") or ""
        for resource in self:
            try:
                check_identifier(resource.identifier)
            except ValueError as error:
                raise ValidationError(
                    self.env._("The address must be a whole address without a part after #.")
                ) from error
            if resource.canonical_identifier == canonical(issuer):
                raise ValidationError(
                    self.env._("This is the address of this Odoo itself, which needs no resource.")
                )

    @api.constrains("introspection_client_id")
    def _check_introspection_client(self):
        for resource in self:
            if resource.introspection_client_id.token_endpoint_auth_method == "none":
                raise ValidationError(
                    self.env._("To ask about tokens an application must prove itself.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        resources = super().create(vals_list)
        resources._forget_setting_options()
        return resources

    def write(self, vals):
        result = super().write(vals)
        self._forget_setting_options()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_setting_options()
        return result

    @api.model
    @tools.ormcache()
    def _setting_options(self):
        """What the settings of the server have to know of the resources."""
        resources = self.sudo().search([])  # pylint: disable=no-search-all
        return {
            "authorization_details_types": tuple(sorted(resources.details_type_ids.mapped("name"))),
            "has_resource_servers": bool(resources.introspection_client_id),
        }

    @api.model
    def _forget_setting_options(self):
        # Whoever reads between now and the commit caches the old state again, hence the second time after it.
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)


class OAuth2ProviderAuthorizationDetailsType(models.Model):
    _name = "oauth2.provider.authorization.details.type"
    _description = "OAuth 2 Kind of Details"
    _inherit = ["oauth2.provider.guarded"]
    _order = "name"

    name = fields.Char(
        required=True, help="The word that applications send as type, for example: payment"
    )
    description = fields.Char(
        required=True,
        translate=True,
        help="What people read when they are asked for their consent; below it stand the details themselves",
    )
    resource_id = fields.Many2one(
        "oauth2.provider.resource", required=True, index=True, ondelete="cascade"
    )

    _name_unique = models.UniqueIndex("(name)", "There is already a kind of details of this name.")

    @api.constrains("name")
    def _check_name(self):
        for kind in self:
            if not kind.name.isascii() or not kind.name.isprintable() or len(kind.name) > 200:
                raise ValidationError(
                    self.env._("The name of a kind of details has plain letters and signs only.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        self.env["oauth2.provider.resource"]._forget_setting_options()
        return kinds

    def write(self, vals):
        result = super().write(vals)
        self.env["oauth2.provider.resource"]._forget_setting_options()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["oauth2.provider.resource"]._forget_setting_options()
        return result

    @api.model
    def _describe(self, details):
        """Authorization details in words, for a person: of each its title and its lines.

        :param details: JSON objects (RFC 9396 §2)
        :return: list of pairs of a string and a list of strings
        """
        kinds = self.sudo().search([("name", "in", [detail["type"] for detail in details])])
        titles = {kind.name: kind.description for kind in kinds}
        return [(titles.get(detail["type"], detail["type"]), _lines(detail)) for detail in details]


def _lines(value, name=""):
    """Whatever a client wrote, flat and complete: nothing that is granted is hidden from whom it is asked of."""
    if isinstance(value, dict):
        return [
            line
            for key, part in value.items()
            if name or key != "type"
            for line in _lines(part, f"{name} {key}".strip())
        ]
    if isinstance(value, list) and any(isinstance(part, dict | list) for part in value):
        return [line for part in value for line in _lines(part, name)]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return [f"{name}: {text}"]
