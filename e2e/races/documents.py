"""Clients that nobody here knows yet: the first to name one has its metadata read, the others find them."""

import itertools
import json
from base64 import b64decode
from threading import Lock

import requests

from e2e.harness.applications import Application
from e2e.harness.relying_party import RelyingParty

from .race import Race, won
from .stage import Stage

REDIRECT_URI = "https://agent.example/callback"
# Slow enough for others to come meanwhile, and for no more reads a minute than one host has to bear.
SECONDS_TO_READ = 0.25
LOGO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ROWS = """
env.cr.execute('''SELECT (SELECT count(*) FROM oauth2_provider_client WHERE client_identifier = %(address)s),
                         (SELECT count(*) FROM oauth2_provider_fetched_document WHERE url = %(address)s),
                         (SELECT count(*) FROM oauth2_provider_event
                           WHERE event_type = 'client_registered' AND client_identifier = %(address)s)''',
               {"address": address})
result = env.cr.fetchone()
"""


class ClientDocuments(Race):
    title = "client metadata documents, when nobody knows the client yet"
    rule = "one reads the document and the logo and makes the client, whom all others find"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.site = stage.site
        self.site.delay = SECONDS_TO_READ
        self._numbers = itertools.count()
        self._shell = Lock()

    def secret(self) -> int:
        number = next(self._numbers)
        address = self._address(number)
        self.site.files[self._logo(number)] = ("image/png", LOGO)
        self.site.documents[self._path(number)] = json.dumps(
            {
                "client_id": address,
                "client_name": f"Agent {number}",
                "logo_uri": self.site.url("127.0.0.1") + self._logo(number),
                "redirect_uris": [REDIRECT_URI],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }
        )
        return number

    def use(self, secret: int) -> requests.Response:
        party = RelyingParty(
            self.system, Application(0, "Agent", self._address(secret), REDIRECT_URI)
        )
        # what one network may have read within a minute is limited, and each client comes from its own
        headers = {
            "X-Forwarded-For": f"198.18.{secret // 250}.{secret % 250}",
            "X-Forwarded-Host": "localhost",
        }
        return party.token_request(dict(party.parameters()), "/oauth2/par", headers=headers)

    def judge(self, secret: int, answers: list[requests.Response]) -> int:
        assert {answer.status_code for answer in answers} == {201}, [
            answer.text for answer in answers
        ]
        assert len({body["request_uri"] for body in won(answers)}) == len(answers)
        read = [received.path for received in self.site.received]
        assert [read.count(self._path(secret)), read.count(self._logo(secret))] == [1, 1]
        with self._shell:
            rows = self.system.run(ROWS, address=self._address(secret))
        assert rows == [1, 1, 1]
        return 1

    def _address(self, number: int) -> str:
        return self.site.url("localhost") + self._path(number)

    def _path(self, number: int) -> str:
        return f"/client-{number}.json"

    def _logo(self, number: int) -> str:
        return f"/logo-{number}.png"
