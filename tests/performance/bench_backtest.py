"""How many recorded events a draft is replayed over in a second; the issue wants 500,000."""

import random
import time

from backend.detection.rulebook import Rulebook
from backend.policy.backtest import Event, backtest
from backend.policy.patch import patched
from backend.services.shared_data import template

EVENTS = 310_000
"""31 days of 500 people with 20 prompts each."""
PEOPLE = 500


def main() -> None:
    """Print events a second, the best of five."""
    rules = Rulebook.load().rules
    kinds = {rule.id: (rule.id, rule.type, rule.family, rule.category) for rule in rules}
    dice = random.Random(4)  # noqa: S311 -- the same history each time
    names = sorted(kinds)
    common = [tuple(sorted(dice.sample(names, dice.randint(0, 4)))) for _ in range(3000)]
    people = [f"person-{number}" for number in range(PEOPLE)]
    statuses = ("approved", "unknown", "prohibited")
    events: list[Event] = [
        ((dice.choice(common), dice.choice(statuses)), dice.choice(people), 1)
        for _ in range(EVENTS)
    ]
    live = template("hipaa").policy
    draft = patched(live, {"categories": {"phi": {"action": "warn"}}})
    best = 0.0
    for _ in range(5):
        begun = time.perf_counter()
        found = backtest(events, live, draft, kinds)
        best = max(best, EVENTS / (time.perf_counter() - begun))
    print(f"backtest: {best:,.0f} events/s; {found.changed:,} of {found.events:,} would change")


if __name__ == "__main__":
    main()
