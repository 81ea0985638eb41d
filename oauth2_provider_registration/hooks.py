"""What happens once when the module goes."""

PARAMETER_PREFIX = "oauth2_provider_registration."


def remove_settings(env):
    """Leave no setting behind. Registered applications stay, as applications like any other."""
    env["ir.config_parameter"].sudo().search([("key", "=like", f"{PARAMETER_PREFIX}%")]).unlink()
