"""Token buckets in memory, bounded in number: who asks too often waits."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from backend.core.errors import TooMany

MOST_KEYS: Final = 50_000


class Throttle:
    """Allows `burst` calls per key at once and `burst` more in each `seconds`."""

    def __init__(
        self, burst: int, seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = float(burst)
        self._rate = burst / seconds
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_seconds(self, key: str) -> float:
        """Take one call. Return 0 when allowed, else the seconds until the next one is."""
        now = self._monotonic()
        tokens, then = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return wait

    def take(self, key: str, problem: str) -> None:
        """Take one call. Raise TooMany, saying `problem` and how long to wait, for one too many."""
        seconds = math.ceil(self.wait_seconds(key))
        if seconds:
            raise TooMany(
                f"{problem} Wait {seconds} seconds and try again.", retry_after_seconds=seconds
            )

    def give_back(self, key: str) -> None:
        """Return the call last taken: it turned out not to be one worth counting."""
        if key in self._buckets:
            tokens, then = self._buckets[key]
            self._buckets[key] = (min(self._burst, tokens + 1), then)


def network_of(address: str) -> str:
    """Return what is counted as one caller: an IPv4 address, or the /64 one IPv6 line has."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
