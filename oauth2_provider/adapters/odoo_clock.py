"""The clock and the randomness of the machine."""

import secrets
import time

# A larger step back corrects a mistake: whoever made it wants the new time.
LARGEST_STEP = 3600

_readings: dict[str, tuple[float, float]] = {}


class SystemClock:
    """The machine's clock, except that it does not go back: else codes and tokens that had expired would live again.

    When the machine's is put back, this one goes at half its pace until both agree. Each process remembers for each
    database; one that is new asks the audit trail when somebody last did something.
    """

    def __init__(self, cr):
        self._cr = cr

    def now(self) -> int:
        return int(self.moment())

    def moment(self) -> float:
        wall, tick = time.time(), time.monotonic()
        last, last_tick = _readings.get(self._cr.dbname) or (self._last_event(), tick)
        steady = last + (tick - last_tick) / 2
        reading = steady if wall < steady <= wall + LARGEST_STEP else wall
        _readings[self._cr.dbname] = (reading, tick)
        return reading

    def _last_event(self):
        self._cr.execute(
            "SELECT extract(epoch FROM max(occurred_at))::float8 FROM oauth2_provider_event"
        )
        return self._cr.fetchone()[0] or 0.0


class SystemRandomness:
    def token(self) -> str:
        return secrets.token_urlsafe(32)
