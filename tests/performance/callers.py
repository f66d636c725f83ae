"""Callers who send one event after the other, again until it is acknowledged, and remember it."""

import asyncio
import contextlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import httpx

from backend.core.identifiers import uuid7

PER_TOKEN = 6
PROBLEM = "application/problem+json"


class Callers:
    """Some tasks per browser, half sending prompts and half its queue; others only read."""

    def __init__(self, url: str, tokens: list[str], readers: list[str]) -> None:
        self.receipts: dict[UUID, int] = {}
        self.answers: Counter[str] = Counter()
        self._url = url
        self._tokens = tokens
        self._readers = readers
        self._is_over = False
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Begin to call."""
        sends = (self._prompt, self._queue)
        for token in self._tokens:
            headers = {"Authorization": f"Bearer {token}"}
            for number in range(PER_TOKEN):
                http = httpx.AsyncClient(base_url=self._url, headers=headers, timeout=40)
                work = self._call(http, sends[number % 2])
                self._tasks.append(asyncio.create_task(work))
        for token in self._readers * PER_TOKEN:
            http = httpx.AsyncClient(
                base_url=self._url, headers={"Authorization": f"Bearer {token}"}, timeout=40
            )
            self._tasks.append(asyncio.create_task(self._read(http)))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop after what is under way."""
        self._is_over = True
        await asyncio.gather(*self._tasks)

    async def are_answered(self) -> None:
        """Wait until entries are acknowledged again."""
        wanted = len(self.receipts) + PER_TOKEN * len(self._tokens)
        async with asyncio.timeout(60):
            while len(self.receipts) < wanted:
                await asyncio.sleep(0.02)

    async def _call(self, http: httpx.AsyncClient, send: Any) -> None:
        async with http:
            while not self._is_over:
                content = send()
                while not await self._is_taken(http, *content) and not self._is_over:
                    await asyncio.sleep(0.05)

    async def _read(self, http: httpx.AsyncClient) -> None:
        async with http:
            while not self._is_over:
                with contextlib.suppress(httpx.HTTPError):
                    answer = await http.get("/api/v1/clients")
                    if answer.status_code != httpx.codes.OK:
                        self._note(answer)
                await asyncio.sleep(0.1)

    def _note(self, answer: httpx.Response) -> None:
        is_problem = answer.headers.get("content-type") == PROBLEM
        self.answers[f"{answer.status_code}{'' if is_problem else ' without a problem'}"] += 1

    async def _is_taken(self, http: httpx.AsyncClient, path: str, body: Any) -> bool:
        """Send once; remember receipts, and everything that is neither those nor a problem."""
        try:
            answer = await http.post(path, json=body)
        except httpx.HTTPError:
            self.answers["no answer"] += 1
            return False
        if answer.status_code == httpx.codes.OK:
            with contextlib.suppress(KeyError):
                for receipt in answer.json()["accepted"]:
                    self.receipts[UUID(receipt["event_id"])] = receipt["sequence"]
                return True
            self.receipts[UUID(body["event_id"])] = answer.json()["checkpoint"]["sequence"]
            return True
        self._note(answer)
        return False

    @staticmethod
    def _prompt() -> tuple[str, Any]:
        body = {"text": "my ssn is 536-90-4399", "service": "chatgpt.com", "channel": "typed"}
        return "/api/v1/analyze/prompt", {**body, "event_id": str(uuid7())}

    @staticmethod
    def _queue() -> tuple[str, Any]:
        usual = {
            "entry_kind": "verdict", "service": "chatgpt.com", "channel": "pasted", "size": 40,
            "action": "warn", "disposition": "abandoned", "policy_version": 1,
            "rulebook_version": "abc", "occurred_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        ids = [{"event_id": str(uuid7()), "submission_id": str(uuid7())} for _ in range(5)]
        return "/api/v1/audit/events", {"events": [usual | one for one in ids]}
