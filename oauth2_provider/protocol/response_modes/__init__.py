"""How the answer of the authorization endpoint travels back (OAuth 2.0 Multiple Response Types §2.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..messages import Response

ResponseParameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ResponseMode:
    """``hides_from_server``: the values stay out of requests and logs, so tokens may travel this way.

    ``is_signed``: the answer is one signed token, in the parameter ``response`` (JARM).
    """

    name: str
    hides_from_server: bool
    respond: Callable[[str, ResponseParameters], Response]
    is_signed: bool = False
