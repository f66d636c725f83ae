"""The adapters as data, and what the extension asks for because of them."""

from pathlib import Path

import pytest

from backend.core.errors import ConfigurationError
from backend.services.shared_data import SHARED_RULES
from backend.services.site_adapters import adapters, generated, host_patterns, page_patterns

# The services that are watched from the first day; others may come and go.
SERVICES = {
    "chatgpt", "claude", "gemini", "microsoft-copilot", "perplexity", "deepseek", "grok",
    "mistral", "meta-ai", "poe", "huggingchat", "google-ai-studio", "you", "character-ai",
    "github-copilot", "notion-ai",
}  # fmt: skip


def test_the_extension_asks_for_the_hosts_of_the_adapters_and_for_no_other() -> None:
    stale = [
        path.name for path, content in generated(adapters()).items() if path.read_bytes() != content
    ]
    assert stale == [], "run `quillgate rules compile` and commit the result"


def test_the_big_services_and_at_least_25_hosts_are_watched() -> None:
    assert {adapter["service"] for adapter in adapters()} >= SERVICES
    assert len({pattern.split("/")[2] for pattern in page_patterns(adapters())}) >= 25


def test_no_host_is_asked_for_where_only_a_socket_goes() -> None:
    assert "https://neo.character.ai/*" not in host_patterns(adapters())
    assert "https://api.individual.githubcopilot.com/*" in host_patterns(adapters())


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('editor = "prosemirror"', 'editor = "word-processor"'),
        ('submitKeys = ["Enter"]', 'submitKeys = ["Enter"]\nscript = "alert(1)"'),
        ('transport = "fetch"', 'transport = "pigeon"'),
        ('match = ["https://', 'match = ["http://'),
        ("v = ", "v = 0  # "),
    ],
)
def test_an_adapter_that_says_anything_else_is_refused(
    tmp_path: Path, written: str, instead: str
) -> None:
    for name in ("schema/adapter.schema.json", "adapters/claude.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((SHARED_RULES / name).read_bytes())
    assert [adapter["id"] for adapter in adapters(tmp_path)] == ["claude"]
    adapters.cache_clear()
    path = tmp_path / "adapters" / "claude.toml"
    path.write_text(path.read_text().replace(written, instead, 1))
    with pytest.raises(ConfigurationError, match=r"claude.toml"):
        adapters(tmp_path)
