"""What the authorization endpoint can hand out; a response_type is a set of these (Multiple Response Types §3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..authorization_request import AuthorizationContext


@dataclass(frozen=True)
class ResponseTypePart:
    """``needs_hiding``: it would open something by itself, so it must not stand in a query.

    ``lifetime``: seconds that what it hands out, and all that follows from it, can live at most.
    ``issue``: make it under an authorization (its id) and return the answer's members.
    """

    name: str
    needs_hiding: bool
    lifetime: Callable[[AuthorizationContext], int]
    issue: Callable[[AuthorizationContext, int], Sequence[tuple[str, str]]]
