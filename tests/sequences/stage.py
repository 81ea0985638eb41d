"""The stage: one provider, and the truth beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from fakes.provider import Provider
from hypothesis.stateful import RuleBasedStateMachine
from protocol.entities.client import Client
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM

from .cast import CLIENTS, PARTNER, SERVICE, form_of
from .truth import Truth

Thing = TypeVar("Thing")


def pick(things: Sequence[Thing], which: int) -> Thing:
    """One of them, counted from the latest."""
    return things[-1 - which % len(things)]


def some(name: str) -> Callable[[Any], bool]:
    """A precondition: there are such things already."""
    return lambda machine: bool(getattr(machine.truth, name))


class Stage(RuleBasedStateMachine):
    """What can be sent, and that answers have the right form."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = Provider(*CLIENTS)
        self.provider.log_in()
        self.provider.issuers.trusted[PARTNER] = {SERVICE.id}
        self.truth = Truth(CLIENTS, self.provider.clock)

    def set_scope(self, client: Client, scope: frozenset[str]) -> None:
        """What the client may have from now on."""
        self.provider.change_client(client.id, scope=scope)
        self.truth.allowed[client.id] = scope

    @contextmanager
    def scope_without(self, client: Client, taken: str) -> Iterator[None]:
        """For a moment the client may have less."""
        before = self.truth.allowed[client.id]
        self.set_scope(client, before - frozenset(taken.split()))
        yield
        self.set_scope(client, before)

    # Sending

    def post(self, endpoint: str, form: dict[str, str]) -> Response:
        request = Request("POST", form=Parameters(tuple(form.items())), mimetype=FORM)
        response = self.provider.server.handle(endpoint, request)
        assert response.location is None
        if response.status >= 400:
            assert response.json is not None
            assert set(response.json) == {"error", "error_description"}
            assert ("Cache-Control", "no-store") in response.headers
        return response

    def ask_for_tokens(self, client: Client, is_due: bool, **form: str) -> Response | None:
        """A token request; its answer if there are tokens, which is so if and only if they are due."""
        response = self.post("token", form_of(client, **form))
        is_given = response.status == 200
        assert is_given <= is_due, f"tokens that are not due: {form['grant_type']}"
        assert is_given >= is_due, f"no tokens though they are due: {response}"
        return response if is_given else None
