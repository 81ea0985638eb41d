"""x-fapi-interaction-id: the name by which both sides find a request in their logs (FAPI 1.0 Baseline §6.2.1)."""

from __future__ import annotations

import re

from .server import Context

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def echo_interaction_id(context: Context) -> None:
    """Step: repeat it in the answer, if it is one; anything else could be meant for whoever reads our headers."""
    value = context.request.headers.get("x-fapi-interaction-id", "")
    if _UUID.fullmatch(value):
        context.answer_headers.append(("x-fapi-interaction-id", value))
