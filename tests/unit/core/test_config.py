"""Settings: usual values need nothing, wrong values name their setting in one line."""

import base64
import stat
from pathlib import Path

import pytest

from backend.core.config import Settings
from backend.core.errors import ConfigurationError

MASTER = base64.b64encode(bytes(32)).decode()
DATABASE = "postgresql://app:pw@db.example.org/quillgate"


def settings(folder: Path, **environ: str) -> Settings:
    """Read settings whose data lie in `folder`."""
    return Settings.from_environment({"DATA_DIR": str(folder), **environ})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    made = settings(tmp_path / "new")
    assert (made.host, made.port, made.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert (made.database_url, made.redis_url, made.workers, made.debug) == (None, None, 1, False)


def test_the_generated_master_key_stays_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert first.master_key == second.master_key
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    assert settings(tmp_path, PORT="", REDIS_URL="").port == 8080


def test_the_command_line_wins_over_the_environment(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path), "PORT": "1"}
    assert Settings.from_environment(environ, port="8099", host=None).port == 8099


def test_a_database_of_ones_own_needs_a_key_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="MASTER_KEY is not set"):
        settings(tmp_path, DATABASE_URL=DATABASE)
    assert settings(tmp_path, DATABASE_URL=DATABASE, MASTER_KEY=MASTER).master_key == bytes(32)


WRONG = [
    ("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("PORT", "-1"),
    ("WORKERS", "0"), ("WORKERS", "many"), ("DATABASE_POOL_SIZE", "1"),
    ("SMTP_URL", "mail.example.org"), ("SMTP_URL", "smtps://user@mail.example.org"),
    ("MAIL_FROM", "nobody"), ("DEMONSTRATION", "yes"),
    ("DEBUG", "yes"), ("LOG_LEVEL", "loud"), ("PUBLIC_URL", "quillgate.example"),
    ("PUBLIC_URL", "ftp://quillgate.example"), ("REDIS_URL", "localhost:6379"),
    ("DATABASE_URL", "mysql://db/quillgate"), ("DATABASE_OWNER_URL", "nonsense"),
    ("MASTER_KEY", "c2hvcnQ="), ("MASTER_KEY", "%%%"), ("TRUSTED_ORIGINS", "*"),
    ("TRUSTED_ORIGINS", "https://ok.example, https://bad.example/path"),
    ("TRUSTED_PROXIES", "*"), ("TRUSTED_PROXIES", "0.0.0.0/0"), ("TRUSTED_PROXIES", "::/0"),
    ("TRUSTED_PROXIES", "127.0.0.1, proxy.example"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_told_in_one_line_that_names_the_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(tmp_path, **{name: value})
    assert caught.value.message.startswith(name)
    assert "\n" not in caught.value.message


def test_secrets_are_not_repeated_in_the_complaint(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(tmp_path, DATABASE_URL="mysql://app:hunter2@db/quillgate", MASTER_KEY="hunter2")
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "localhost", "::"])  # noqa: S104 -- refused
def test_debug_only_starts_on_a_loopback_address(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigurationError, match="DEBUG=true"):
        settings(tmp_path, DEBUG="true", HOST=host)


LOCAL = "postgresql://qg_app@127.0.0.1/quillgate"
KEY = "A" * 43 + "="


@pytest.mark.parametrize(
    "environ",
    [
        {"ENVIRONMENT": "production"},
        {"PUBLIC_URL": "https://127.0.0.1:8080"},
        {"PUBLIC_URL": "http://quillgate.example"},
        {"TRUSTED_ORIGINS": "http://127.0.0.1:3000"},
        {"TRUSTED_PROXIES": "127.0.0.1"},
        {"DATABASE_URL": "postgresql://qg_app@db.example/quillgate", "MASTER_KEY": KEY},
        {"DATABASE_URL": LOCAL, "MASTER_KEY": KEY,
         "DATABASE_OWNER_URL": "postgresql://postgres@192.0.2.9/quillgate"},
        {"WORKERS": "2", "REDIS_URL": "redis://127.0.0.1/0"},
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("setting", ["DEBUG", "DEMONSTRATION"])
def test_debug_and_a_demonstration_start_with_nothing_that_lets_others_in(
    tmp_path: Path, environ: dict[str, str], setting: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings(tmp_path, **{setting: "true"}, **environ)
    assert refused.value.message.startswith(f"{setting}=true is for one's own machine: ")
    assert "\n" not in refused.value.message
    without = settings(tmp_path, **environ)
    assert not without.debug
    assert not without.demonstration
    assert not without.is_of_one_machine()


@pytest.mark.parametrize(
    "environ",
    [{}, {"HOST": "::1"}, {"ENVIRONMENT": "development"}, {"PUBLIC_URL": "http://localhost:8080"},
     {"DATABASE_URL": LOCAL, "MASTER_KEY": KEY}],
    ids=lambda environ: " ".join(environ) or "nothing else",
)  # fmt: skip
def test_debug_starts_on_ones_own_machine(tmp_path: Path, environ: dict[str, str]) -> None:
    assert settings(tmp_path, DEBUG="true", **environ).debug


def test_mail_needs_a_sender(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL is set and MAIL_FROM is not"):
        settings(tmp_path, SMTP_URL="smtps://mail.example.org")
    made = settings(tmp_path, SMTP_URL="smtps://mail.example.org", MAIL_FROM="q@example.org")
    assert made.smtp_url
    assert made.smtp_url.port == 465


def test_more_processes_need_redis(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="WORKERS above 1 needs REDIS_URL"):
        settings(tmp_path, WORKERS="2")
    assert settings(tmp_path, WORKERS="2", REDIS_URL="redis://127.0.0.1/0").workers == 2


def test_origins_may_be_separated_by_commas_or_spaces(tmp_path: Path) -> None:
    made = settings(tmp_path, TRUSTED_ORIGINS="https://a.example,https://b.example:8443")
    assert made.trusted_origins == ("https://a.example", "https://b.example:8443")


def test_proxies_are_addresses_or_networks(tmp_path: Path) -> None:
    assert settings(tmp_path).trusted_proxies == ()
    made = settings(tmp_path, TRUSTED_PROXIES="192.0.2.7 172.18.0.1/16,2001:db8::/32")
    assert made.trusted_proxies == ("192.0.2.7/32", "172.18.0.0/16", "2001:db8::/32")


def test_the_public_address_of_every_interface_is_one_a_browser_can_open(tmp_path: Path) -> None:
    assert settings(tmp_path, HOST="0.0.0.0").public_url == "http://127.0.0.1:8080"  # noqa: S104 -- shown
    assert settings(tmp_path, HOST="::1").public_url == "http://[::1]:8080"
