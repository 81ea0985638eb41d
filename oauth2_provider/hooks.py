"""What happens once when the module is installed, and once when it goes."""

import logging

from .issuer_address import ISSUER_PARAMETER, propose_issuer
from .models.oauth2_provider_client_version import drop_version_triggers

_logger = logging.getLogger(__name__)


def propose_issuer_at_install(env):
    """Propose the address of this Odoo as issuer; nothing works until an administrator confirms it."""
    parameters = env["ir.config_parameter"].sudo()
    if parameters.get_param(ISSUER_PARAMETER):
        return
    try:
        issuer = propose_issuer(parameters.get_param("web.base.url") or "")
    except ValueError as error:
        _logger.info("No issuer can be proposed: %s", error)
        return
    parameters.set_param(ISSUER_PARAMETER, issuer)


def remove_settings(env):
    """Leave no setting and no trigger behind; tables, columns and records of the module go with it by themselves."""
    env["ir.config_parameter"].sudo().search([("key", "=like", "oauth2_provider.%")]).unlink()
    drop_version_triggers(env.cr)
