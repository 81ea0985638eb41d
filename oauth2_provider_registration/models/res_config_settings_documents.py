"""Which applications may come with nothing but the address of their own description, and how many."""

from odoo import fields, models
from odoo.addons.oauth2_provider.protocol.client_registration.policy import DocumentPolicy
from odoo.exceptions import ValidationError

from .oauth2_provider_client import DEFAULT_DOCUMENT_UNUSED_DAYS, DOCUMENT_UNUSED_DAYS_PARAMETER
from .oauth2_provider_server import PREFIX

_LIMITS = ("maximum_clients", "maximum_clients_of_host", "unused_days")
_DEFAULTS = DocumentPolicy()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_document = fields.Boolean(
        string="AI agents and other applications that bring their own description",
        config_parameter=f"{PREFIX}documents",
    )
    oauth2_document_hosts = fields.Char(
        string="Only those of", config_parameter=f"{PREFIX}document_hosts"
    )
    oauth2_document_maximum_clients = fields.Integer(
        string="Such applications altogether",
        default=_DEFAULTS.maximum_clients,
        config_parameter=f"{PREFIX}document_maximum_clients",
    )
    oauth2_document_maximum_clients_of_host = fields.Integer(
        string="Such applications of one host",
        default=_DEFAULTS.maximum_clients_of_host,
        config_parameter=f"{PREFIX}document_maximum_clients_of_host",
    )
    oauth2_document_unused_days = fields.Integer(
        string="Forget unused ones after",
        default=DEFAULT_DOCUMENT_UNUSED_DAYS,
        config_parameter=DOCUMENT_UNUSED_DAYS_PARAMETER,
    )

    def _oauth2_check_registration(self):
        if any(self[f"oauth2_document_{name}"] < 1 for name in _LIMITS):
            raise ValidationError(self.env._("Limits of registration must be 1 at least."))
        self._oauth2_check_hosts(self.oauth2_document_hosts)
        return super()._oauth2_check_registration()
