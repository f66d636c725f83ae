"""What refusing the largest hostile JSON bodies costs, beside reading as much ordinary JSON."""

import contextlib
import json
import time

from backend.core.errors import InvalidInput
from backend.core.json_limits import parsed
from tests.unit.core.test_json_limits import HOSTILE

ORDINARY = json.dumps({"text": "The launch moved to May. " * 10_000, "service": "x"}).encode()
TIMES = 20


def milliseconds(body: bytes) -> float:
    """Return the quickest of some readings."""
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with contextlib.suppress(InvalidInput):
            parsed(body)
        times.append((time.perf_counter() - begun) * 1000)
    return min(times)


def main() -> None:
    """Print a line a body."""
    ordinary = milliseconds(ORDINARY)
    print(f"  {'ordinary, the yardstick':<24} {len(ORDINARY) // 1024:4} KiB {ordinary:7.2f} ms")
    for name, body in HOSTILE.items():
        cost = milliseconds(body)
        print(
            f"  {name:<24} {len(body) // 1024:4} KiB {cost:7.2f} ms"
            f"   {cost / ordinary:5.1f} times the yardstick"
        )


if __name__ == "__main__":
    main()
