"""Hosts of a DNS or proxy log in; what they say about AI services out, and nothing of the rest."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from backend.core.errors import InvalidInput
from backend.services.ai_service_registry import ServiceList

MOST_LINES: Final = 100_000
MOST_COUNT: Final = 2**40
_HOST: Final = re.compile(r"(?=.{4,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_-]{1,63})+")
_WORDS: Final = re.compile(
    r"(^|[.-])(ai|gpt|chatgpt|llm|genai|copilot|chatbot|aichat|claude|gemini|deepseek|mistral"
    r"|llama)([.-]|[0-9]|$)|gpt|chatbot|\.ai$"
)
_HOST_NAMES: Final = ("host", "domain", "hostname", "query", "fqdn", "destination")
_COUNT_NAMES: Final = ("count", "hits", "requests", "queries", "total")


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was made of a log: sightings by host, and how many lines said nothing about AI."""

    sightings: Mapping[str, int]
    lines: int
    ignored: int


def looks_like_ai(host: str) -> bool:
    """Return whether a host nobody lists is named like an AI service. A guess, and shown as one."""
    return _WORDS.search(host) is not None


def sorted_out(lines: Iterable[tuple[str, int]], services: ServiceList) -> Sorted:
    """Return how often each host was seen that belongs to an AI service, or is named like one.

    What belongs to a service counts under that service's own host, so that no name of a person's
    page or device is kept; where people use a host without its AI, it says nothing. Everything
    else is dropped here and stored nowhere.
    """
    found: dict[str, int] = {}
    total = ignored = 0
    for name, count in lines:
        total += 1
        host = name.strip().lower().rstrip(".")
        kept = _kept(host, services)
        if kept is None or count <= 0:
            ignored += 1
        else:
            found[kept] = min(found.get(kept, 0) + count, MOST_COUNT)
    return Sorted(found, total, ignored)


def _kept(host: str, services: ServiceList) -> str | None:
    service = services.find(host) if _HOST.fullmatch(host) else None
    if service is not None:
        listed = _listed_host(host, service.hosts)
        return None if listed in service.shared_hosts else listed
    is_kept = _HOST.fullmatch(host) is not None and "_" not in host and looks_like_ai(host)
    return host if is_kept else None


def _listed_host(host: str, hosts: tuple[str, ...]) -> str:
    return next((one for one in hosts if host == one or host.endswith(f".{one}")), hosts[0])


def read_log(content: str, media_type: str) -> list[tuple[str, int]]:
    """Return host and count of each line. Raise InvalidInput for a file that is no such log.

    CSV has a header with a column for the host and perhaps one for the count; JSON is a list of
    `{host, count}`, or such objects line by line.
    """
    lines = _of_json(content) if "json" in media_type else _of_csv(content)
    if len(lines) > MOST_LINES:
        raise InvalidInput(
            f"The file has more than {MOST_LINES:,} lines. Send it in parts.", code="log-too-long"
        )
    return lines


def _of_csv(content: str) -> list[tuple[str, int]]:
    try:
        rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff")), strict=True))
    except csv.Error:
        raise _unreadable("it is not CSV (RFC 4180)") from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    host = next((header.index(name) for name in _HOST_NAMES if name in header), None)
    count = next((header.index(name) for name in _COUNT_NAMES if name in header), None)
    if host is None:
        raise _unreadable(f"no column is named {', '.join(_HOST_NAMES[:-1])} or {_HOST_NAMES[-1]}")
    return [
        (row[host], _count(row[count]) if count is not None and count < len(row) else 1)
        for row in rows[1:]
        if host < len(row)
    ]


def _of_json(content: str) -> list[tuple[str, int]]:
    try:
        whole = content.lstrip()
        found = (
            json.loads(content)
            if whole.startswith("[")
            else [json.loads(line) for line in content.splitlines() if line.strip()]
        )
    except (ValueError, RecursionError):
        raise _unreadable("it is not JSON") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _unreadable("it is not a list of {host, count}")
    return [(str(one.get("host", "")), _count(one.get("count", 1))) for one in found]


def _count(given: object) -> int:
    """Return a count; what is none counts as nothing seen."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        return 0
    text = str(given).strip()
    return min(int(text), MOST_COUNT) if re.fullmatch(r"[0-9]{1,15}", text) else 0


def _unreadable(why: str) -> InvalidInput:
    return InvalidInput(
        f"The file could not be read: {why}. Send CSV with a column `host` (and `count`), or JSON.",
        code="log-unreadable",
    )
