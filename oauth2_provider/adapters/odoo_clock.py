"""The clock and the randomness of the machine."""

import secrets
import time


class SystemClock:
    def now(self) -> int:
        return int(self.moment())

    def moment(self):
        return time.time()


class SystemRandomness:
    def token(self) -> str:
        return secrets.token_urlsafe(32)
