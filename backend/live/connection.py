"""One socket: whose it is, what it may see, and what it has been told."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from backend.core.principal import Principal
from backend.live.channels import POLICY, of_msp, of_tenant
from backend.live.messages import Close, envelope
from backend.live.outgoing import Outgoing

MOST_REMEMBERED: Final = 2000
MOST_HELD: Final = 1000
Missed = Callable[[float], Awaitable[None]]


class Connection:
    """The server's side of a socket. News of a policy replace each other; feed events do not."""

    def __init__(self, principal: Principal) -> None:
        self.msp_id = principal.msp_id
        self.client_id = principal.client_id
        self.session_id = principal.session_id
        self.identities = {principal.session_id, principal.user_id, principal.device_id} - {None}
        self.identities.add(principal.client_id or principal.msp_id)
        self.reachable: frozenset[UUID] | None = None
        self.hidden: frozenset[UUID] = frozenset()
        self.outgoing = Outgoing()
        self.wants_policy = False
        self.feed_clients: frozenset[UUID] | None = frozenset()
        self.catch_up_feed: Missed | None = None
        self._versions: dict[UUID, int] = {}
        self._marks: dict[UUID, str] = {}
        self._told: deque[tuple[UUID, int]] = deque()
        self._told_set: set[tuple[UUID, int]] = set()
        self._held: list[tuple[str, UUID, int]] | None = []

    @property
    def channel(self) -> str:
        """The bus channel this socket lives on: its client's, or its MSP's."""
        return of_msp(self.msp_id) if self.client_id is None else of_tenant(self.client_id)

    def wants_feed(self, client_id: UUID) -> bool:
        """Return whether this socket subscribed to a client's violations; None means to all."""
        is_asked = self.feed_clients is None or client_id in self.feed_clients
        return is_asked and self.reaches(client_id)

    def reaches(self, client_id: UUID) -> bool:
        """Return whether who is on this socket may know of a client; `reachable` None is all."""
        is_reachable = self.reachable is None or client_id in self.reachable
        return is_reachable and client_id not in self.hidden

    def version_of(self, client_id: UUID) -> int:
        """Return the newest policy version this socket was told of; 0 for none."""
        return self._versions.get(client_id, 0)

    def offer_policy(self, client_id: UUID, version: int, etag: str) -> None:
        """Tell of a version unless a newer one was told; an unsent older one is replaced."""
        is_news = version > self.version_of(client_id)
        if self.wants_policy and is_news and self.reaches(client_id):
            self._versions[client_id] = version
            content = {"version": version, "etag": etag, "client_id": str(client_id)}
            frame = envelope("policy.changed", content, POLICY, version)
            self.outgoing.put_newest(str(client_id), frame)

    def is_news_of_services(self, client_id: UUID, mark: str) -> bool:
        """Return whether a change about AI services is later than those that were told."""
        return mark > self._marks.get(client_id, "")

    def offer_services(self, client_id: UUID, mark: str) -> None:
        """Tell that decisions about AI services changed, unless that or a later change was told."""
        is_wanted = self.wants_policy and self.reaches(client_id)
        if is_wanted and self.is_news_of_services(client_id, mark):
            self._marks[client_id] = mark
            frame = envelope("services.changed", {"client_id": str(client_id)}, POLICY)
            self.outgoing.put_newest(f"services {client_id}", frame)

    def send_event(self, frame: str, client_id: UUID, offset: int) -> None:
        """Tell of a feed event once. While history is being read it is held back.

        Two processes may announce in another order than they committed, so a lower offset is not
        an older event: only the very same one is dropped.
        """
        if self._held is not None:
            if len(self._held) >= MOST_HELD:
                self.outgoing.close(Close.SLOW)
            else:
                self._held.append((frame, client_id, offset))
        elif self._is_new(client_id, offset):
            self.outgoing.put(frame)

    async def replay_event(self, frame: str, client_id: UUID, offset: int) -> None:
        """Tell of a past event, at the pace of the peer."""
        if self._is_new(client_id, offset):
            await self.outgoing.put_when_room(frame)

    def release(self) -> None:
        """Tell what was held back while history was read, without repeating any of it."""
        held, self._held = self._held or [], None
        for event in held:
            self.send_event(*event)

    def _is_new(self, client_id: UUID, offset: int) -> bool:
        event = (client_id, offset)
        if event in self._told_set:
            return False
        self._told.append(event)
        self._told_set.add(event)
        if len(self._told) > MOST_REMEMBERED:
            self._told_set.discard(self._told.popleft())
        return True
