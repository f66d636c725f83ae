"""`make bench`: runs every benchmark beside its yardstick, one after the other."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run all; return 1 when one could not finish."""
    failed = []
    for path in sorted(HERE.glob("bench_*.py")):
        print(f"\n== {path.stem.removeprefix('bench_').replace('_', ' ')}", flush=True)
        ran = subprocess.run([sys.executable, "-m", f"tests.performance.{path.stem}"], check=False)
        if ran.returncode:
            failed.append(path.stem)
    if failed:
        print(f"\nNot finished: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
