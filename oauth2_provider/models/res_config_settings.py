"""The settings of the provider: its issuer above all."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.http import request

from ..issuer_address import (
    CONFIRMED_PARAMETER,
    ISSUER_PARAMETER,
    normalize_address,
    normalize_issuer,
)
from .oauth2_provider_event import DEFAULT_RETENTION_DAYS, RETENTION_PARAMETER

WITHHOLD_PARAMETER = "oauth2_provider.withhold_unverified_email"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_issuer = fields.Char(string="Address of this Odoo")
    oauth2_issuer_confirmed = fields.Boolean(string="This address is right, and it will stay")
    oauth2_issuer_is_changing = fields.Boolean(compute="_compute_oauth2_issuer_is_changing")
    oauth2_issuer_disagreement = fields.Char(compute="_compute_oauth2_issuer_disagreement")
    oauth2_withhold_unverified_email = fields.Boolean(string="Withhold unverified e-mail addresses")
    oauth2_event_retention_days = fields.Integer(string="Keep events for")

    @api.model
    def get_values(self):
        values = super().get_values()
        get_param = self.env["ir.config_parameter"].sudo().get_param
        values.update(
            oauth2_issuer=get_param(ISSUER_PARAMETER) or "",
            oauth2_issuer_confirmed=get_param(CONFIRMED_PARAMETER) == "1",
            oauth2_withhold_unverified_email=get_param(WITHHOLD_PARAMETER, "1") == "1",
            oauth2_event_retention_days=int(
                get_param(RETENTION_PARAMETER) or DEFAULT_RETENTION_DAYS
            ),
        )
        return values

    def set_values(self):
        result = super().set_values()
        if self.oauth2_event_retention_days < 1:
            raise ValidationError(self.env._("OAuth 2 events must be kept for a day at least."))
        set_param = self.env["ir.config_parameter"].sudo().set_param
        set_param(ISSUER_PARAMETER, self._oauth2_normalized_issuer())
        set_param(CONFIRMED_PARAMETER, self.oauth2_issuer_confirmed and "1")
        set_param(WITHHOLD_PARAMETER, "1" if self.oauth2_withhold_unverified_email else "0")
        set_param(RETENTION_PARAMETER, str(self.oauth2_event_retention_days))
        return result

    def _oauth2_normalized_issuer(self):
        if not self.oauth2_issuer:
            if self.oauth2_issuer_confirmed:
                raise ValidationError(
                    self.env._("Please enter the address of this Odoo to confirm it.")
                )
            return False
        try:
            return normalize_issuer(self.oauth2_issuer)
        except ValueError as error:
            raise ValidationError(
                self.env._("This cannot be the address of this Odoo: %s", self.oauth2_issuer)
                + f"\n{error}"
            ) from error

    @api.onchange("oauth2_issuer")
    def _onchange_oauth2_issuer(self):
        if self.oauth2_issuer_is_changing:
            # What was confirmed was the other address.
            self.oauth2_issuer_confirmed = False

    @api.depends("oauth2_issuer")
    def _compute_oauth2_issuer_is_changing(self):
        """Whether the form holds another address than the confirmed one, by which applications know this Odoo."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        confirmed = get_param(CONFIRMED_PARAMETER) == "1" and get_param(ISSUER_PARAMETER)
        for settings in self:
            settings.oauth2_issuer_is_changing = bool(confirmed) and not _is_same_issuer(
                settings.oauth2_issuer or "", confirmed
            )

    @api.depends("oauth2_issuer")
    def _compute_oauth2_issuer_disagreement(self):
        """The address that the browser or Odoo itself uses, where it is another one than the issuer."""
        seen = [self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""]
        if request:
            seen.insert(0, request.httprequest.url_root)
        for settings in self:
            issuer = settings.oauth2_issuer or ""
            others = [
                address for address in seen if address and not _is_same_place(address, issuer)
            ]
            settings.oauth2_issuer_disagreement = (
                others[0].rstrip("/") if others and issuer else False
            )


def _is_same_issuer(address, issuer):
    try:
        return normalize_issuer(address) == issuer
    except ValueError:
        return False


def _is_same_place(address, issuer):
    """Whether the issuer lies at ``address``: same scheme, host and port, whatever path follows."""
    try:
        return f"{normalize_address(issuer)}/".startswith(f"{normalize_address(address)}/")
    except ValueError:
        return False
