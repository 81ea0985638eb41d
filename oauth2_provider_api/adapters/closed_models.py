"""What no access token opens, whosever it is: whatever lets somebody in for longer or further than the token does.

What does so by single fields or values is refused by the files of ``models/``: accounts, their addresses, served files,
templates that compute, HTML that nobody cleans.
"""

# Nothing at all.
CLOSED_MODELS = frozenset(
    {
        # who may come in, by which credentials, and what they were told
        "change.password.own",
        "change.password.user",
        "change.password.wizard",
        "fetchmail.server",
        "ir.config_parameter",
        "ir.mail_server",
        "mail.mail",  # links for a new password
        "res.company.ldap",
        "res.config.settings",
        "res.device",
        "res.device.log",
        "res.users.identitycheck",
        "res.users.log",
        # they make, give away and remove accounts, and do not ask for the rights to
        "base.partner.merge.automatic.wizard",
        "base.partner.merge.line",
        "portal.wizard",
        "portal.wizard.user",
        "res.users.deletion",
        # writes scripts and styles of every page as superuser
        "website.assets",
    }
)
CLOSED_PREFIXES = (
    "auth.",
    "auth_totp.",
    "mail.push.",  # where the messages of somebody go on to be sent
    "oauth2.provider.",
    "res.users.apikeys",
    "theme.",  # views and files of pages before a website has them
)
# To be read only.
KEPT_MODELS = frozenset(
    {
        # code that the server runs later, as somebody else
        "accounting.assert.test",
        "base.automation",
        "gamification.goal.definition",
        "hr.salary.rule",
        "ir.actions.report",
        "mail.alias",
        "mail.alias.domain",
        "mail.template",
        # code that comes to the server
        "base.import.module",
        "base.language.import",
        "ir.module.module",
        # scripts and methods that run in the browser of somebody else, and where its addresses lead
        "ir.asset",
        "ir.embedded.actions",
        "website",
        "website.rewrite",
        # who may do what, and what the records of others begin with
        "ir.default",
        "ir.rule",
        "res.groups",
        "res.groups.privilege",
    }
)
KEPT_PREFIXES = (
    "base.module.",
    "ir.actions.server",
    "ir.cron",
    "ir.model",  # fields compute, rights are given, and the names of groups lead to groups
    "ir.ui.view",
)


def is_closed(model, operation):
    """Whether ``operation`` (read, write, create or unlink) on the model is refused to every access token."""
    if model in CLOSED_MODELS or model.startswith(CLOSED_PREFIXES):
        return True
    if model == "res.users":
        return operation in ("create", "unlink")
    return is_kept(model) and operation != "read"


def is_kept(model):
    """Whether the model is to be read only."""
    return model in KEPT_MODELS or model.startswith(KEPT_PREFIXES)


def is_open_to_call(model, method, *, is_reading):
    """Whether a token may call the method at all. Rights are asked on the way; not every method asks for them."""
    if is_closed(model, "read"):
        return False
    if model == "res.users":
        # Others make keys, log devices out, send links for passwords; this one looks at what is written.
        return is_reading or method == "write"
    return is_reading or not is_kept(model)
