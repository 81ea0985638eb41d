"""All races: whatever is good for one use."""

from typing import Any
from urllib.parse import urlsplit

import requests

from e2e.harness.bank import register_bank
from e2e.harness.relying_party import register

from .documents import ClientDocuments
from .race import Race, expect_losers, won
from .stage import Stage


class Codes(Race):
    title = "authorization codes"
    rule = "one winner, who then loses the tokens, although the losers are answered an error"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.party = register(stage.system, use_refresh_token=True)

    def secret(self) -> str:
        return self.party.code(self.browser.copy())

    def use(self, secret: str) -> requests.Response:
        return self.party.redeem(secret)

    def judge(self, secret: str, answers: list[requests.Response]) -> int:
        [winner] = won(answers)
        expect_losers(answers, "invalid_grant")
        assert not self.party.accepts(winner["access_token"])
        assert self.party.refresh(winner["refresh_token"]).json()["error"] == "invalid_grant"
        return 1


class RefreshTokens(Race):
    title = "refresh tokens without grace"
    rule = "one winner, whose family is then dead, although the losers are answered an error"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.party = register(stage.system, use_refresh_token=True, refresh_token_grace=0)

    def secret(self) -> dict[str, Any]:
        return self.party.tokens(self.browser.copy())

    def use(self, secret: dict[str, Any]) -> requests.Response:
        return self.party.refresh(secret["refresh_token"])

    def judge(self, secret: dict[str, Any], answers: list[requests.Response]) -> int:
        [winner] = won(answers)
        expect_losers(answers, "invalid_grant")
        for tokens in (secret, winner):
            assert not self.party.accepts(tokens["access_token"])
        assert self.party.refresh(winner["refresh_token"]).json()["error"] == "invalid_grant"
        return 1


class RefreshTokensWithGrace(RefreshTokens):
    title = "refresh tokens within their grace"
    rule = (
        "all get the same answer, one chain goes on, and the old token ends it when it comes again"
    )

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.party = register(stage.system, use_refresh_token=True, refresh_token_grace=60)

    def judge(self, secret: dict[str, Any], answers: list[requests.Response]) -> int:
        assert {answer.status_code for answer in answers} == {200}
        pairs = {(body["access_token"], body["refresh_token"]) for body in won(answers)}
        [(access_token, refresh_token)] = pairs
        assert self.party.accepts(access_token)
        assert self.party.refresh(refresh_token).status_code == 200
        assert self.use(secret).json()["error"] == "invalid_grant"
        assert not self.party.accepts(access_token)
        return len(pairs)


class DeviceCodes(Race):
    title = "device codes"
    rule = (
        "one winner, whose tokens live, since devices ask again after a lost answer (RFC 8628 §3.5)"
    )

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.device = register(stage.system, use_device=True)

    def secret(self) -> str:
        codes = self.device.device_codes()
        browser = self.browser.copy()
        page = browser.open("/oauth2/device", {"user_code": codes["user_code"]})
        done = browser.decide_device(page, "allow")
        assert "oauth2_device_done" in done.text, done.text[-1000:]
        return codes["device_code"]

    def use(self, secret: str) -> requests.Response:
        return self.device.poll(secret)

    def judge(self, secret: str, answers: list[requests.Response]) -> int:
        [winner] = won(answers)
        expect_losers(answers, "authorization_pending", "invalid_grant")
        assert self.device.accepts(winner["access_token"])
        return 1


class PushedRequests(Race):
    title = "pushed authorization requests"
    rule = "one of them is answered with a code"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.party = register(stage.system)

    def secret(self) -> str:
        return self.party.token_request(self.party.parameters(), "/oauth2/par").json()[
            "request_uri"
        ]

    def use(self, secret: str) -> requests.Response:
        parameters = {"client_id": self.party.identifier, "request_uri": secret}
        return self.browser.copy().authorize(parameters)

    def judge(self, secret: str, answers: list[requests.Response]) -> int:
        addresses = [answer.headers.get("Location", "") for answer in answers]
        codes = [address for address in addresses if "code=" in urlsplit(address).query]
        assert len(codes) == 1, addresses
        losers = [answer.status_code for answer in answers if not answer.headers.get("Location")]
        assert losers == [400] * (len(answers) - 1), losers
        return 1


class ClientAssertions(Race):
    title = "client assertions (jti)"
    rule = "one is accepted, also where the limit on wrong proofs is reached"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.bank = register_bank(stage.system)

    def secret(self) -> dict[str, str]:
        return self.bank.credentials()

    def use(self, secret: dict[str, str]) -> requests.Response:
        return self.bank.push(**secret)

    def judge(self, secret: dict[str, str], answers: list[requests.Response]) -> int:
        [winner] = won(answers)
        expect_losers(answers, "invalid_client", "temporarily_unavailable")
        assert winner["request_uri"]
        return 1


class Proofs(Race):
    title = "DPoP proofs (jti) at the userinfo endpoint"
    rule = "one is accepted"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.bank = register_bank(stage.system)
        self.token = self.bank.tokens(stage.browser.copy())["access_token"]

    def secret(self) -> dict[str, str]:
        proof = self.bank.proof("GET", "userinfo_endpoint", self.token)
        return {"Authorization": f"DPoP {self.token}", **proof}

    def use(self, secret: dict[str, str]) -> requests.Response:
        return self.bank.userinfo(self.token, secret)

    def judge(self, secret: dict[str, str], answers: list[requests.Response]) -> int:
        [winner] = won(answers)
        expect_losers(answers, "invalid_dpop_proof", "invalid_token")
        assert winner["sub"]
        return 1


class ProofsOfTokenRequests(Race):
    title = "DPoP proofs (jti) at the token endpoint"
    rule = "one is accepted, though each request brings a client assertion of its own"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.bank = register_bank(stage.system)
        self.refresh_token = self.bank.tokens(stage.browser.copy())["refresh_token"]

    def secret(self) -> dict[str, str]:
        return self.bank.proof("POST", "token_endpoint")

    def use(self, secret: dict[str, str]) -> requests.Response:
        return self.bank.refresh(self.refresh_token, secret)

    def judge(self, secret: dict[str, str], answers: list[requests.Response]) -> int:
        [winner] = won(answers)
        expect_losers(answers, "invalid_dpop_proof")
        assert self.bank.userinfo(winner["access_token"]).ok
        return 1


RACES: tuple[type[Race], ...] = (
    Codes,
    RefreshTokens,
    RefreshTokensWithGrace,
    DeviceCodes,
    PushedRequests,
    ClientAssertions,
    Proofs,
    ProofsOfTokenRequests,
    ClientDocuments,
)
