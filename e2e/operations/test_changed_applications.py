"""What one process changes of an application acts in all others at their next request."""

from collections import Counter

import pytest

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System
from e2e.harness.together import in_parallel

# Enough for both workers to get some.
REQUESTS = 24
CHANGE = """
client = env["oauth2.provider.client"].search([("client_identifier", "=", identifier)])
client.write(values)
"""


@pytest.fixture(scope="module")
def web(two_workers: System) -> RelyingParty:
    return register(two_workers, use_refresh_token=True)


@pytest.fixture(scope="module")
def refresh_tokens(two_workers: System, web: RelyingParty) -> list[str]:
    browser = HttpBrowser(two_workers)
    browser.log_in(create_person(two_workers))
    codes = [web.code(browser) for _number in range(4 * REQUESTS)]
    return [web.redeem(code).json()["refresh_token"] for code in codes]


def answers(web: RelyingParty, refresh_tokens: list[str]) -> Counter[str]:
    """What that many requests, spread over the workers, are answered with."""
    mine = [refresh_tokens.pop() for _number in range(REQUESTS)]
    responses = in_parallel(web.refresh, mine)
    return Counter(answer.json().get("error", "tokens") for answer in responses)


def test_a_change_is_seen_by_every_worker_at_its_next_request(
    web: RelyingParty, refresh_tokens: list[str]
) -> None:
    def change(**values: object) -> None:
        web.provider.run(CHANGE, identifier=web.identifier, values=values)

    assert answers(web, refresh_tokens) == {"tokens": REQUESTS}
    change(use_refresh_token=False)
    assert answers(web, refresh_tokens) == {"unauthorized_client": REQUESTS}
    change(use_refresh_token=True)
    assert answers(web, refresh_tokens) == {"tokens": REQUESTS}
    change(active=False)
    assert answers(web, refresh_tokens) == {"invalid_client": REQUESTS}
