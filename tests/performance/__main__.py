"""`make bench`: runs every benchmark beside its yardstick, one after the other; or those named."""

import ast
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PREFIX = "bench_"
# What each took on two quiet cores, in seconds: the slowest are waits, not work.
SECONDS = {
    "analyze": 75, "backtest": 10, "blind": 30, "counts": 75, "detection": 45,
    "detection_browser": 30, "faults": 120, "idle_socket": 630, "ingest": 30, "json": 5,
    "leaving": 60, "peers": 60, "person": 120, "proofs": 60, "push": 30, "quality": 60,
    "refresh_races": 60, "rls": 20, "schemas": 120, "server": 45, "summary": 75,
    "suspension": 60,
}  # fmt: skip


def main(wanted: list[str]) -> int:
    """Run all, or those wanted; return 1 when one could not finish."""
    names = [path.stem.removeprefix(PREFIX) for path in sorted(HERE.glob(f"{PREFIX}*.py"))]
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        print(f"There is no {', '.join(unknown)}; there are {', '.join(names)}.")
        return 1
    chosen = [name for name in names if not wanted or name in wanted]
    _print_contents(chosen)
    took = {name: _ran(name, number, len(chosen)) for number, name in enumerate(chosen, start=1)}
    failed = [name for name, seconds in took.items() if seconds is None]
    print("\n== how long each took")
    for name, seconds in took.items():
        print(f"  {name:20} {'not finished' if seconds is None else f'{seconds:6.0f} s'}")
    if failed:
        print(f"\nNot finished: {', '.join(failed)}")
    return 1 if failed else 0


def _print_contents(names: list[str]) -> None:
    total = sum(SECONDS.get(name, 0) for name in names)
    print(f"{len(names)} benchmarks, about {total / 60:.0f} minutes; each runs alone too:")
    print(f"  python -m tests.performance.{PREFIX}NAME\n")
    for number, name in enumerate(names, start=1):
        seconds = f"{SECONDS[name]} s" if name in SECONDS else "?"
        print(f"{number:3} {name:20} {seconds:>6}  {_sentence(name)}")
    sys.stdout.flush()


def _sentence(name: str) -> str:
    text = (HERE / f"{PREFIX}{name}.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def _ran(name: str, number: int, count: int) -> float | None:
    """Run one; return its seconds, or None when it did not come to its end."""
    print(f"\n== {number}/{count} {name.replace('_', ' ')}", flush=True)
    begun = time.perf_counter()
    module = f"tests.performance.{PREFIX}{name}"
    ran = subprocess.run([sys.executable, "-m", module], check=False)
    return None if ran.returncode else time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
