"""Keeps secrets out of the access log: a stock Odoo sends its access token in the address of UserInfo.

An address may stand in a parameter of another one, as on the way to the login page, and is percent-encoded then; in the
address that leads to that one it is so once more.
"""

import logging
import re

# A name begins after what separates parameters. That, "=" and the end of the value are encoded equally often.
_SECRET_PARAMETER = re.compile(
    r"(?:\b|(?<=%26|%3F|%23|526|53F|523))"
    r"((?:access_|refresh_|id_|logout_|subject_|actor_|csrf_)?token|id_token_hint|(?:client_)?assertion"
    r"|client_secret|(?:device_|user_)?code|code_verifier|password)"
    r"(=|%((?:25)*)3D)(?:(?!%\3(?:26|23))[^&\s\"#])+",
    re.IGNORECASE,
)
_OUR_ADDRESS = re.compile(r"(?:/|%(?:25)*2F)oauth2(?:/|%(?:25)*2F)", re.IGNORECASE)
# Our own secrets, wherever they stand: the prefix says what they are.
_OWN_SECRET = re.compile(r"(o2[a-z]_)[A-Za-z0-9_-]{43}")


def mask(text: str) -> str:
    """The text with every secret that we know the looks of replaced by ***."""
    return _OWN_SECRET.sub(r"\1***", _SECRET_PARAMETER.sub(r"\1\2***", text))


class MaskingFilter(logging.Filter):
    """Masks what concerns our addresses, and our own secrets everywhere; other lines pass unchanged."""

    def filter(self, record):
        message = record.getMessage()
        masked = (
            mask(message) if _OUR_ADDRESS.search(message) else _OWN_SECRET.sub(r"\1***", message)
        )
        if masked != message:
            record.msg, record.args = masked, ()
        return True


def install():
    """Once per process, however many databases it serves."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, MaskingFilter) for known in logger.filters):
        logger.addFilter(MaskingFilter())
