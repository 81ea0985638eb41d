"""What an application learns beyond the standard claims: groups, companies, fields (OpenID Connect Core §5.1.2)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.own_claims import check_names

# A value is one entry of a list; a line break in it could only be meant to look like two.
_MAXIMUM_VALUE = 255
# What may be told of the fields that an organisation adds: plain values that every colleague may read anyway.
_OPEN_FIELDS = [
    ("model", "=", "res.partner"),
    ("state", "=", "manual"),
    ("store", "=", True),
    ("groups", "=", False),
    ("translate", "=", False),
    ("ttype", "in", ("boolean", "char", "date", "float", "integer", "selection")),
]


class OAuth2ProviderClaim(models.Model):
    _name = "oauth2.provider.claim"
    _description = "OAuth 2 Claim"
    _inherit = ["oauth2.provider.guarded"]
    _order = "client_id, id"

    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(
        required=True,
        help="The member that the application reads. Dots lead into objects, as in realm_access.roles.",
    )
    kind = fields.Selection(
        [
            ("groups", "Groups or roles"),
            ("user_type", "Whether they are internal or portal users"),
            ("companies", "Names of the companies they may work for"),
            ("field", "A detail of the user"),
            ("contact_field", "A field that you added to contacts"),
        ],
        string="What it tells",
        required=True,
        default="groups",
        help="Groups and roles give people rights in the application; everything else describes them.",
    )
    # The list itself, with what each source reads, is in adapters/sql_store/own_claims.py.
    source = fields.Selection(
        [
            ("login", "Login"),
            ("job_position", "Job position"),
            ("reference", "Reference of the contact"),
            ("organisation", "Name of their organisation"),
            ("organisation_reference", "Reference of their organisation"),
            ("tax_id", "Tax ID"),
            ("country_code", "Country as two letters"),
            ("company", "Name of their main company here"),
            ("phone", "Phone"),
            ("user_number", "Number of the user"),
        ],
        string="Detail",
        help="What the application learns about whoever logs in",
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        ondelete="cascade",
        domain=_OPEN_FIELDS,
        help="Its value in the contact of whoever logs in",
    )
    group_filter = fields.Selection(
        [("mapped", "Only groups with a name below"), ("all", "All groups of the person")],
        string="Which groups",
        required=True,
        default="mapped",
        help="All groups tell an application much about this Odoo. Mostly it needs a few, by the names "
        "that it has for them.",
    )
    group_ids = fields.One2many(
        "oauth2.provider.claim.group",
        "claim_id",
        string="Names of groups",
        help="How the application calls each group",
    )
    scope_id = fields.Many2one(
        "oauth2.provider.scope",
        string="Covered by",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("oauth2_provider.scope_groups", raise_if_not_found=False),
        help="What people read about it when they are asked for their consent",
    )
    only_if_asked = fields.Boolean(
        string="Only if the application asks",
        help="It then has to send this scope. Otherwise it learns this at every login.",
    )
    in_id_token = fields.Boolean(
        string="In ID tokens",
        default=True,
        help="Told at each login. Most products read it there.",
    )
    in_userinfo = fields.Boolean(
        string="In UserInfo",
        default=True,
        help="Told when the application asks afterwards",
    )

    _name_unique = models.UniqueIndex(
        "(client_id, name)", "This application already has a claim of this name."
    )

    @api.constrains("name", "client_id")
    def _check_name(self):
        for client in self.client_id:
            claims = self.sudo().search([("client_id", "=", client.id)])
            try:
                check_names(claims.mapped("name"))
            except ValueError as error:
                names = ", ".join(claims.mapped("name"))
                raise ValidationError(
                    self.env._("%(names)s: %(reason)s", names=names, reason=error)
                ) from error

    @api.constrains("kind", "source", "field_id")
    def _check_source(self):
        for claim in self:
            if claim.kind == "field" and not claim.source:
                raise ValidationError(
                    self.env._("Please choose which detail %s tells.", claim.name)
                )
            if claim.kind == "contact_field" and not claim._is_field_open():
                raise ValidationError(
                    self.env._(
                        "%s can only tell a field that was added to contacts, "
                        "that is stored, and that everybody may read.",
                        claim.name,
                    )
                )

    def _is_field_open(self):
        return bool(self.field_id.sudo().filtered_domain(_OPEN_FIELDS))

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims._record_change(self.env._("Claim added"))
        return claims

    def write(self, vals):
        result = super().write(vals)
        self._record_change(self.env._("Claim changed"))
        return result

    def unlink(self):
        self._record_change(self.env._("Claim removed"))
        return super().unlink()

    def _record_change(self, what):
        for claim in self:
            claim.client_id._record_change(f"{what}: {claim.name}")


class OAuth2ProviderClaimGroup(models.Model):
    _name = "oauth2.provider.claim.group"
    _description = "OAuth 2 Name of a Group"
    _inherit = ["oauth2.provider.guarded"]
    _order = "claim_id, id"
    _rec_name = "value"

    claim_id = fields.Many2one(
        "oauth2.provider.claim", required=True, index=True, ondelete="cascade"
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Members of",
        required=True,
        ondelete="cascade",
        help="Members by way of another group count too.",
    )
    value = fields.Char(
        string="are told as",
        required=True,
        compute="_compute_value",
        store=True,
        readonly=False,
        precompute=True,
        help="What the application calls the group or role. Proposed: Odoo's own name, which is never translated.",
    )

    _group_unique = models.UniqueIndex(
        "(claim_id, group_id)", "This group already has a name in this claim."
    )

    @api.depends("group_id")
    def _compute_value(self):
        external_ids = self.group_id.sudo().get_external_id()
        for line in self:
            group = line.group_id
            line.value = group and (external_ids[group.id] or f"group_{group.id}")

    @api.constrains("value")
    def _check_value(self):
        for line in self:
            if not line.value.isprintable() or len(line.value) > _MAXIMUM_VALUE:
                raise ValidationError(
                    self.env._("The name of a group must be short and stand on one line.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._record_change(self.env._("group named"))
        return lines

    def write(self, vals):
        result = super().write(vals)
        self._record_change(self.env._("group named anew"))
        return result

    def unlink(self):
        self._record_change(self.env._("name of a group removed"))
        return super().unlink()

    def _record_change(self, what):
        for line in self:
            line.claim_id._record_change(f"{what} ({line.group_id.sudo().full_name}: {line.value})")
