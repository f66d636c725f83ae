"""The engine Tortoise loads by name: a client that lives inside scopes only."""

from backend.core.database import ScopedClient

client_class = ScopedClient
