"""docker-compose.yml holds what the backend reads, and nothing a stranger could log in with."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.core.config import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text())


def test_compose_file_satisfies_the_compose_specification() -> None:
    checked = subprocess.run(
        [
            str(Path(sys.executable).with_name("check-jsonschema")),
            "--builtin-schema",
            "vendor.compose-spec",
            str(COMPOSE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_setting_in_compose_is_one_the_backend_reads(compose: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.__dataclass_fields__}
    for name in ("migrate", "backend"):
        given = set(compose["services"][name]["environment"])
        assert given <= known, f"{name}: the backend does not read {sorted(given - known)}"


@pytest.mark.parametrize("name", ["migrate", "backend"])
def test_the_settings_of_each_service_are_accepted_by_the_backend(
    compose: dict[str, Any], name: str
) -> None:
    secrets = {
        "MASTER_KEY": "c2VjcmV0IG9mIGV4YWN0bHkgdGhpcnR5LXR3byBieXQ=",
        "POSTGRES_PASSWORD": "made-up",
    }
    environment = {
        key: re.sub(r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda m: secrets.get(m[1], m[2] or ""), value)
        for key, value in compose["services"][name]["environment"].items()
    }
    settings = Settings.from_environment(environment)
    assert settings.database_url is not None
    assert settings.database_url.startswith("postgresql://qg_app@")


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    text = COMPOSE.read_text()
    for secret in ("MASTER_KEY", "POSTGRES_PASSWORD"):
        uses = re.findall(r"\$\{" + secret + r"([^}]*)\}", text)
        assert uses, f"{secret} is not asked for"
        assert all(use.startswith(":?") for use in uses), f"{secret} must stop the start when unset"
        example = re.search(rf"^{secret}=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
        assert example is not None
        assert example[1] == ""
    assert not {"DEBUG", "DEMONSTRATION"} & set(compose["services"]["backend"]["environment"])
    assert compose["services"]["backend"]["environment"]["ENVIRONMENT"] == "production"


def test_the_backend_runs_without_root_and_without_the_owner_password(
    compose: dict[str, Any],
) -> None:
    backend = compose["services"]["backend"]
    assert "DATABASE_OWNER_URL" not in backend["environment"]
    assert backend["cap_drop"] == ["ALL"]
    assert backend["read_only"] is True
    dockerfile = (ROOT / backend["build"]["dockerfile"]).read_text()
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE) == ["quillgate"]
    assert compose["services"]["redis"]["user"] != "root"


def test_nothing_but_the_backend_is_reached_from_outside_or_reaches_there(
    compose: dict[str, Any],
) -> None:
    assert compose["networks"]["inside"] == {"internal": True}
    for name, service in compose["services"].items():
        assert ("ports" in service) is (name == "backend"), name
        assert ("outside" in service["networks"]) is (name == "backend"), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not {"privileged", "network_mode", "pid", "ipc"} & set(service), name
        if name != "postgres":  # its image begins as root, to hand its directory to its own user
            assert (service["cap_drop"], service["read_only"]) == (["ALL"], True), name
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["backend"]["ports"])


def test_every_long_running_service_has_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if service.get("restart") != "no":
            assert "healthcheck" in service, f"{name} has no health check"


def test_compose_paths_exist_in_the_image(compose: dict[str, Any]) -> None:
    dockerfile = (ROOT / compose["services"]["backend"]["build"]["dockerfile"]).read_text()
    for copied in re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE):
        for path in copied.split():
            assert (ROOT / path).exists(), f"the image copies {path}, which is not there"
    assert os.access(ROOT / "uv.lock", os.R_OK)
