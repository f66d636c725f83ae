"""Password hashes that are quick to check: a hash says itself what checking it costs."""

from functools import cache

from argon2 import PasswordHasher

_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@cache
def quick_hash(password: str) -> str:
    """Return a hash as the server makes them, of a thousandth of the memory."""
    return _QUICK.hash(password)
