"""Keeps secrets out of the access log: a stock Odoo sends its access token in the address of UserInfo."""

import logging
import re

_SECRET_PARAMETER = re.compile(
    r"\b((?:access_|refresh_|id_|logout_|subject_|actor_|csrf_)?token|id_token_hint|(?:client_)?assertion"
    r"|client_secret|(?:device_|user_)?code|code_verifier|password)=[^&\s\"#]+"
)
# Our own secrets, wherever they stand: the prefix says what they are.
_OWN_SECRET = re.compile(r"(o2[a-z]_)[A-Za-z0-9_-]{43}")


def mask(text: str) -> str:
    """The text with every secret that we know the looks of replaced by ***."""
    return _OWN_SECRET.sub(r"\1***", _SECRET_PARAMETER.sub(r"\1=***", text))


class MaskingFilter(logging.Filter):
    """Masks what concerns our addresses, and our own secrets everywhere; other lines pass unchanged."""

    def filter(self, record):
        message = record.getMessage()
        masked = mask(message) if "/oauth2/" in message else _OWN_SECRET.sub(r"\1***", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True


def install():
    """Once per process, however many databases it serves."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, MaskingFilter) for known in logger.filters):
        logger.addFilter(MaskingFilter())
