"""What can go wrong, as classes with a stable code; only `api/errors.py` knows status numbers."""

from collections.abc import Mapping
from typing import Any, ClassVar


class QuillgateError(Exception):
    """A failure a caller can do something about; its message says what, why and what to do next."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.stable_code = code or self.code

    @property
    def members(self) -> Mapping[str, Any]:
        """What a program may want to know besides, as JSON (RFC 9457, section 3.2)."""
        return {}


class ConfigurationError(QuillgateError):
    """A setting or the machine stops the start."""

    code = "configuration"


class Unauthenticated(QuillgateError):
    """Nobody, or nobody we know, is calling."""

    code = "unauthenticated"


class Forbidden(QuillgateError):
    """The caller is known and may not do this."""

    code = "forbidden"


class StepUpRequired(Forbidden):
    """The caller may do this after showing a second factor once more."""

    code = "step-up-required"

    def __init__(self, minutes: int) -> None:
        super().__init__(
            "This hands out what must not fall into other hands, so it needs a second factor shown "
            f"in the last {minutes} minutes. Send a code of your authenticator app to "
            "/api/v1/auth/step-up and use the token it returns."
        )
        self.minutes = minutes

    @property
    def members(self) -> Mapping[str, Any]:
        """Where to show it, and for how long that counts."""
        return {"step_up": "/api/v1/auth/step-up", "within_minutes": self.minutes}


class NotFound(QuillgateError):
    """It does not exist, or not for this caller: both answer alike."""

    code = "not-found"


class Conflict(QuillgateError):
    """The state does not allow this now."""

    code = "conflict"


class PreconditionFailed(QuillgateError):
    """The caller worked on a version that is no longer the newest."""

    code = "precondition-failed"


class InvalidInput(QuillgateError):
    """The input has the wrong form."""

    code = "invalid-input"


class RefusedField(InvalidInput):
    """One field is why: `field` is its dotted path, `why` goes on after its name."""

    def __init__(self, message: str, field: str, why: str, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field
        self.why = why


class TooLarge(QuillgateError):
    """The input is larger than we read."""

    code = "too-large"


class TooMany(QuillgateError):
    """The caller asks more often than allowed."""

    code = "too-many"

    def __init__(self, message: str, *, retry_after_seconds: int = 60) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(QuillgateError):
    """A part we need is away for now."""

    code = "unavailable"

    def __init__(self, message: str, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
