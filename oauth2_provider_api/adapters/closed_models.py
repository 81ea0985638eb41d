"""What no access token opens, whosever it is: whatever lets somebody in for longer or further than the token does."""

# Nothing at all: who may come in, by which credentials, and what they were told.
CLOSED_MODELS = frozenset(
    {
        "auth.oauth.provider",
        "change.password.own",
        "change.password.user",
        "change.password.wizard",
        "ir.config_parameter",
        "ir.mail_server",
        "fetchmail.server",
        "mail.mail",  # links for a new password
        "res.company.ldap",
        "res.config.settings",
        "res.device",
        "res.device.log",
        "res.users.identitycheck",
        "res.users.log",
    }
)
CLOSED_PREFIXES = (
    "auth.passkey.",
    "auth.totp.",
    "auth_totp.",
    "oauth2.provider.",
    "res.users.apikeys",
)
# To be read only: what code runs later as somebody else, and who may do what.
KEPT_MODELS = frozenset(
    {
        "base.automation",
        "base.import.module",
        "base.language.import",
        "base.module.uninstall",
        "base.module.update",
        "base.module.upgrade",
        "ir.actions.report",
        "ir.actions.server",
        "ir.asset",
        "ir.cron",
        "ir.model",
        "ir.model.access",
        "ir.model.fields",
        "ir.module.module",
        "ir.rule",
        "ir.ui.view",
        "mail.template",
        "res.groups",
        "res.groups.privilege",
    }
)


def is_closed(model, operation):
    """Whether ``operation`` (read, write, create or unlink) on the model is refused to every access token."""
    if model in CLOSED_MODELS or model.startswith(CLOSED_PREFIXES):
        return True
    if model == "res.users":
        return operation in ("create", "unlink")
    return model in KEPT_MODELS and operation != "read"


def is_open_to_call(model, method, *, is_reading):
    """Whether a token may call the method at all. Rights are asked on the way; not every method asks for them."""
    if is_closed(model, "read"):
        return False
    if model == "res.users":
        # Others make keys, log devices out, send links for passwords; this one looks at what is written.
        return is_reading or method == "write"
    return is_reading or model not in KEPT_MODELS
