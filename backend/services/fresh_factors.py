"""Whether somebody showed a second factor lately: what hands out files, secrets or roles asks."""

from backend.core.clock import Clock
from backend.core.errors import StepUpRequired
from backend.core.principal import Principal


class FreshFactors:
    """Tells a factor that was shown lately from one of this morning."""

    def __init__(self, clock: Clock, minutes: int) -> None:
        self._clock = clock
        self.minutes = minutes

    def require(self, principal: Principal) -> None:
        """Raise StepUpRequired unless the caller showed a second factor in the last minutes.

        A key cannot show one: its scope was given to it by somebody who had.
        """
        if principal.scopes is not None:
            return
        shown, now = principal.stepped_up_at, self._clock.now().timestamp()
        if shown is None or shown + self.minutes * 60 <= now:
            raise StepUpRequired(self.minutes)
