"""What `quillgate extension` writes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from backend.commands.extension import SOURCE, write_extension
from backend.core.errors import ConfigurationError
from backend.policy.justification import CATEGORIES
from backend.services.exception_list import STATES

TOLD = re.compile(
    r'(?:(?:panel\.|this\.|asking\.|#)tell\(|refuse\(taken, |t: "stopped", name: )'
    r'"([a-z_]+)"(?:\)| })'
)
ASKED = re.compile(
    r'(?:\bsay|\btext|\bbutton)\("([a-z_]+)"|data-text="([a-z_]+)"|__MSG_([a-z_]+)__'
)
MADE_UP_OF_PARTS = (
    "type_",
    "state_",
    "decided_",
    "trouble_",
    "justification_",
    "request_",
    "unread_",
    "asked_",
    "service_is_",
    "standing_",
)


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return content


def test_a_copy_may_speak_with_its_own_server_and_with_no_other(tmp_path: Path) -> None:
    write_extension(tmp_path, "https://quillgate.example:8443", "ABCD-EFGH-IJKL-MNOP")
    hosts = manifest(tmp_path)["host_permissions"]
    assert "https://quillgate.example/*" in hosts
    assert not [host for host in hosts if "127.0.0.1" in host]
    bundled = json.loads((tmp_path / "bundled" / "server.json").read_text())
    assert bundled == {
        "server_url": "https://quillgate.example:8443",
        "enrolment_code": "ABCD-EFGH-IJKL-MNOP",
    }


def test_nothing_that_is_only_for_development_is_copied(tmp_path: Path) -> None:
    write_extension(tmp_path, "http://127.0.0.1:8080", None)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {
        "manifest.json",
        "managed_schema.json",
        "_locales",
        "src",
        "bundled",
        "icons",
    }


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ConfigurationError, match="holds other files"):
        write_extension(tmp_path, "http://127.0.0.1:8080", None)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_every_text_that_is_asked_for_exists_and_no_other() -> None:
    texts = json.loads((SOURCE / "_locales" / "en" / "messages.json").read_text()).keys()
    sources = [path.read_text() for path in (SOURCE / "src").rglob("*") if path.is_file()]
    said = "\n".join([*sources, (SOURCE / "manifest.json").read_text()])
    asked = {f"{name}{end}" for name in TOLD.findall(said) for end in ("_title", "_text")}
    asked |= {name for groups in ASKED.findall(said) for name in groups if name}
    assert not asked - texts
    named = {name for name in texts if not name.startswith(MADE_UP_OF_PARTS)}
    assert not {name for name in named - asked if f'"{name}"' not in said}


def test_everything_an_exception_may_be_for_and_become_has_a_text() -> None:
    texts = json.loads((SOURCE / "_locales" / "en" / "messages.json").read_text()).keys()
    assert {f"justification_{name}" for name in CATEGORIES} <= texts
    told = set(STATES) - {"withdrawn"}
    assert {f"request_{state}{end}" for state in told for end in ("_title", "_text")} <= texts


def test_every_type_of_the_rulebook_has_a_name_for_people() -> None:
    """A country's types are named by what the country calls them, and the country."""
    rulebook = json.loads((SOURCE / "bundled" / "rulebook.json").read_text())
    types = {rule["type"] for rule in rulebook["rules"]}
    of_no_country = {name for name in types if not re.match("[A-Z]{2}_", name)}
    for language in ("de", "en", "es", "fr"):
        texts = json.loads((SOURCE / "_locales" / language / "messages.json").read_text())
        assert of_no_country - {name.removeprefix("type_") for name in texts} == set()
