"""Whether a request was made by the browser its token names: read a proof, and count it once."""

from urllib.parse import urlsplit

from backend.core.clock import Clock
from backend.core.once import Once
from backend.core.proofs import Call, Proof, read_proof, replayed, untimely


class DeviceProofs:
    """Reads the `DPoP` header of calls to this server."""

    def __init__(self, once: Once, clock: Clock, public_url: str) -> None:
        self._once = once
        self._clock = clock
        # What was shown to a process before this one is known to a lasting memory alone.
        self._since = 0 if once.is_lasting else int(clock.now().timestamp())
        self._public = public_url.lower()
        self._takes_any_host = urlsplit(public_url).scheme != "https"

    def call(self, method: str, host: str, path: str) -> Call:
        """Return a request as its proof must name it.

        A public server is called by its PUBLIC_URL: a proof made for another one is refused. One
        without TLS is somebody's own machine, which has several names.
        """
        origins = (self._public, f"//{host.lower()}") if self._takes_any_host else (self._public,)
        return Call(method, origins, path)

    def read(self, text: str, call: Call, token: str | None) -> Proof:
        """Return what a header proves; it is not counted yet. Raise Unauthenticated."""
        proof = read_proof(text, call, token, self._clock.now())
        if proof.issued < self._since:
            raise untimely()
        return proof

    async def spend(self, proof: Proof) -> None:
        """Count a proof. Raise Unauthenticated when it has been shown before."""
        if not await self._once.take(proof.mark, proof.forgettable_at):
            raise replayed()

    async def close(self) -> None:
        """Let go of the memory of proofs."""
        await self._once.close()
