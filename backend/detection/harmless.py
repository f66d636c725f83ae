"""Words directly before a value that say it is no secret: commits, digests, ids of requests."""

import re
from typing import Final

from backend.detection.later import pattern

_REACH: Final = 72
_NAME: Final = (
    r"(?:\.(?:tgz|git)#|(?<![A-Za-z])(?:commits?|checkout|cherry-pick|rev(?:ision|ert)?"
    r"|(?:sha-?(?:1|224|256|384|512)?|md5|checksum|digest|hash)"
    r"(?: (?:of|for)(?: [a-z0-9_./-]{1,24}){1,4})?"
    r"|etag|integrity|fingerprint|image|layer|blob|tree|parent|build|snapshot|(?:x-)?(?:request|trace|span|correlation|event|message|deploy|deployment|build|job|run|order"
    r"|transaction|session replay|invocation|activity|operation)[ _-]?id))"
    r"(?:[ _-](?:id|no|number|hash|sum))?"
    r"(?: (?:is|was|of))?[ \t\"'`:=#(\[<>{/@.-]{0,4}\Z"
)


def is_named_harmless(text: str, start: int) -> bool:
    """Return whether such a word stands directly before `start`."""
    name = pattern(_NAME, re.IGNORECASE | re.ASCII)
    return name.search(text[max(0, start - _REACH) : start]) is not None
