"""The words somebody gives for sending what the policy stops: scanned before they are kept."""

from backend.core.errors import InvalidInput
from backend.detection.engine import Detector
from backend.detection.explanation import named
from backend.detection.finding import Finding
from backend.detection.masking import mask
from backend.policy.justification import LONGEST, is_low_effort
from backend.policy.policy import Policy
from backend.services.custom_detections import CustomDetections
from backend.services.policy_lookup import PublishedPolicy


class GivenReasons:
    """Looks for what must not be in a reason, with the rules of the person who gives it."""

    def __init__(self, detector: Detector, custom: CustomDetections) -> None:
        self._detector = detector
        self._custom = custom

    def fit(self, words: str, policy: PublishedPolicy) -> str:
        """Return words that may be kept. Raise InvalidInput for the others, without them."""
        said = " ".join(words.split())
        if not said or len(said) > LONGEST or "\0" in said or is_low_effort(said):
            raise InvalidInput(
                "This does not say enough for somebody else to decide by. Write in a sentence of "
                f"at most {LONGEST} characters why the AI service needs this.",
                code="reason-low-effort",
            )
        found = self._found(said, policy)
        if found:
            kinds = ", ".join(sorted({named(one.type) for one in found}))
            raise InvalidInput(
                f"The reason itself holds what must not leave ({kinds}), so it was not kept. Say "
                "it without the data.",
                code="reason-holds-data",
            )
        return said

    def masked(self, words: str, policy: PublishedPolicy) -> str:
        """Return words with everything taken out that must not be kept; the send is over."""
        said = " ".join(words.replace("\0", " ").split())[:LONGEST]
        for one in reversed(self._found(said, policy)):
            said = f"{said[: one.start]}{mask(one)}{said[one.end :]}"
        return said[:LONGEST] or "-"

    def _found(self, words: str, policy: PublishedPolicy) -> tuple[Finding, ...]:
        """Return the findings worth a record; they do not overlap."""
        custom = self._custom.of(policy)
        found = custom.added_to(words, self._detector.detect(words))
        return tuple(one for one in found if _matters(one, policy.policy))


def _matters(finding: Finding, policy: Policy) -> bool:
    is_sure = finding.confidence >= policy.minimum_confidence
    return is_sure and not policy.is_ordinary(finding)
