"""Devices without a browser: they ask, the person decides elsewhere, they get their tokens once."""

from __future__ import annotations

from fakes.registrations import ALICE
from hypothesis import strategies
from hypothesis.stateful import precondition, rule
from protocol.entities.client import Client
from protocol.messages import Parameters, Request, Response

from .cast import DEVICE, MOSTLY, NATIVE, SCOPES, SOME_SCOPE, WEB, WHICH, form_of, other_than
from .play import Play
from .stage import pick, some
from .things import Device

SOME_CLIENT = strategies.sampled_from((WEB, NATIVE))


class Devices(Play):
    @rule(client=SOME_CLIENT, scope=SOME_SCOPE)
    def ask_on_a_device(self, client: Client, scope: str) -> None:
        self._ask_device(client, scope)

    @precondition(some("devices"))
    @rule(which=WHICH, decision=strategies.sampled_from(("allow", "allow", "deny", "yes")))
    def decide_about_a_device(self, which: int, decision: str) -> None:
        self._decide_device(pick(self.truth.devices, which), decision)

    @precondition(some("devices"))
    @rule(which=WHICH, is_owner=MOSTLY)
    def poll(self, which: int, is_owner: bool) -> None:
        self._poll(pick(self.truth.devices, which), is_owner)

    @rule(client=SOME_CLIENT, taken=strategies.sampled_from(("", "email")))
    def connect_a_device(self, client: Client, taken: str) -> None:
        """The whole way at once, to tokens that come once.

        Scope that is taken while the person reads, and given back, was not agreed to.
        """
        device = self._ask_device(client, SCOPES[1])
        if device is not None:
            with self.scope_without(client, taken):
                self._decide_device(device, "allow")
            for _time in range(2):
                self._poll(device)

    # What the rules share

    def _ask_device(self, client: Client, scope: str) -> Device | None:
        response = self.post("device_authorization", form_of(client, scope=scope))
        if response.status != 200:
            return None
        assert response.json is not None
        assert self.truth.is_active(client)
        assert frozenset(scope.split()) <= self.truth.may_have(client)
        codes = (str(response.json[name]) for name in ("device_code", "user_code"))
        device = Device(client, *codes, self.truth.now + int(response.json["expires_in"]))
        self.truth.devices.append(device)
        return device

    def _decide_device(self, device: Device, decision: str) -> None:
        page = self._browse("device_verification", "GET", user_code=device.user_code).page
        if page is None or page.name != "device_confirmation":
            return
        assert self.truth.is_active(ALICE), "an archived person is asked"
        shown = frozenset(page.values["scope"])
        page = self._browse(
            "device_decision", "POST", user_code=device.user_code, consent=decision
        ).page
        assert page is not None
        if page.name == "device_done":
            assert page.values["is_allowed"] == (decision == "allow")
            assert device.family is None, "decided twice"
            if decision == "allow":
                waits = device.expires_at - self.truth.now
                device.family = self.truth.begin(device.client, ALICE, shown, waits=waits)

    def _poll(self, device: Device, is_owner: bool = True) -> None:
        client = device.client if is_owner else other_than(device.client)
        is_due = self.truth.connects(device, client)
        response = self.ask_for_tokens(
            client, is_due, grant_type=DEVICE, device_code=device.device_code
        )
        if response is not None and device.family is not None:
            device.is_used = True
            self.take_tokens(response.json, device.family)

    def _browse(self, endpoint: str, method: str, **sent: str) -> Response:
        parameters = Parameters(tuple(sent.items()))
        parts = {"query" if method == "GET" else "form": parameters}
        request = Request(method, remote_address="192.0.2.1", **parts)
        return self.provider.server.handle(endpoint, request)
