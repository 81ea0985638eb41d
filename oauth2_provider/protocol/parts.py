"""What can be plugged into the server: the shape of each kind of part, as ``standard_parts.py`` lists them.

A part is written for a context, the state of the request that it works on; this file knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .entities.client import Client
from .errors import OAuthError
from .messages import Page, Request, Response

ContextType = TypeVar("ContextType")
ResponseParameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Endpoint(Generic[ContextType]):
    """One URL: its steps in order, how it words a refusal, and the event that a refusal leaves behind."""

    context: type[ContextType]
    steps: tuple[Callable[[ContextType], None], ...]
    error_response: Callable[[ContextType, OAuthError], Response]
    refusal_event: str | None = None


@dataclass(frozen=True)
class Credentials:
    """What a request presents: the client it claims to be, and the proof."""

    client_identifier: str
    secret: str = ""


@dataclass(frozen=True)
class ClientAuthenticationMethod(Generic[ContextType]):
    """``serves``: the registered methods that a client may have to use this one.

    ``present``: the credentials of this method in a request, or None.
    ``verify``: whether they prove the client; called with None for an unknown client and must then do the same work.
    ``rests_on_connection``: its request holds nothing but the client's name; several methods are told apart by what
    the client is registered for.
    ``needs_certificate``: it is offered only where client certificates reach us.
    """

    name: str
    serves: frozenset[str]
    present: Callable[[Request], Credentials | None]
    verify: Callable[[ContextType, Client | None, Credentials], bool]
    rests_on_connection: bool = False
    needs_certificate: bool = False


@dataclass(frozen=True)
class Grant(Generic[ContextType]):
    """``steps`` check what the client brings and end by issuing.

    ``endpoints``: those that only serve this grant and go when it is switched off.
    """

    grant_type: str
    steps: tuple[Callable[[ContextType], None], ...]
    endpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResponseTypePart(Generic[ContextType]):
    """What the authorization endpoint can hand out; a response_type is a set of these.

    ``needs_hiding``: it would open something by itself, so it must not stand in a query.
    ``lifetime``: seconds that what it hands out, and all that follows from it, can live at most.
    ``issue``: make it under an authorization (its id) and return the answer's members.
    """

    name: str
    needs_hiding: bool
    lifetime: Callable[[ContextType], int]
    issue: Callable[[ContextType, int], ResponseParameters]


@dataclass(frozen=True)
class ResponseMode:
    """``hides_from_server``: the values stay out of requests and logs, so tokens may travel this way.

    ``is_signed``: the answer is one signed token, in the parameter ``response`` (JARM).
    """

    name: str
    hides_from_server: bool
    respond: Callable[[str, ResponseParameters], Response]
    is_signed: bool = False


@dataclass(frozen=True)
class Interaction:
    """What the end-user has to see, and what a client hears that does not want anything to be seen."""

    page: Page
    error: str


InteractionCheck = Callable[[ContextType], Interaction | None]
