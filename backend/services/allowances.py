"""How often one caller, and all of one tenant together, may ask in a minute.

Generous for people and honest programs; a script that runs away, or a stolen token, cannot take the
server from everybody else. Counted in each process by itself. What protects people is not counted:
judging prompts, taking in events and telling the rules. There a full queue is what says no.
"""

import time
from collections.abc import Callable
from typing import Final

from backend.core.principal import Principal
from backend.core.throttle import Throttle

TENANT: Final = 20
"""How many callers' worth a tenant has."""
PROTECTING: Final = frozenset({"analyze:run", "audit:append", "sync:read"})
"""Permissions whose calls are not counted."""
_MINUTE: Final = 60


class Allowances:
    """Counts authenticated calls."""

    def __init__(
        self, calls_per_minute: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_caller = Throttle(calls_per_minute, _MINUTE, monotonic)
        self._per_tenant = Throttle(TENANT * calls_per_minute, _MINUTE, monotonic)
        self._of_caller = f"You have called more than {calls_per_minute:,} times in a minute."
        self._of_tenant = "Your organisation's people and programs have called too often together."

    def take(self, principal: Principal) -> None:
        """Take one call. Raise TooMany for one too many, with how long to wait."""
        self._per_caller.take(str(principal.device_id or principal.user_id), self._of_caller)
        self._per_tenant.take(str(principal.tenant_id), self._of_tenant)
