"""How Tortoise is set up: our client, our models, times in UTC."""

from typing import Any


def tortoise_config() -> dict[str, Any]:
    """Return Tortoise's settings; the credentials are empty because `Database` owns the pool."""
    return {
        "connections": {
            "default": {
                "engine": "backend.core.scoped_engine",
                "credentials": {"user": "", "password": "", "database": "", "host": "", "port": 0},
            }
        },
        "apps": {"models": {"models": ["backend.models"], "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


TORTOISE_ORM = tortoise_config()
