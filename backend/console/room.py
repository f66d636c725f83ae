"""The blueprint all pages belong to, and the services they reach."""

from pathlib import Path
from typing import Final, cast

from quart import Blueprint, current_app

from backend.services.registry import Services

HERE: Final = Path(__file__).parent
PREFIX: Final = "/console"
blueprint = Blueprint("console", "backend.console", url_prefix=PREFIX, template_folder="templates")


def services() -> Services:
    """Return the use-cases of this server."""
    return cast("Services", current_app.extensions["quillgate"])
