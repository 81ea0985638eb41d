"""What happens once when the module goes."""

PARAMETER_PREFIX = "oauth2_provider_registration."


def remove_settings(env):
    """Leave no setting behind. Registered applications stay, as applications like any other; those that live by a
    document of their own end, since nobody reads it any more."""
    env["oauth2.provider.client"].search([("document_host", "!=", False)]).active = False
    env["ir.config_parameter"].sudo().search([("key", "=like", f"{PARAMETER_PREFIX}%")]).unlink()
