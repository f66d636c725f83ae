"""Small secrets in the database: readable here, for their row, and nowhere else."""

from backend.core.sealing import opened, sealed

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_sealed_secret_opens_for_its_owner_alone() -> None:
    text = sealed(KEY, "GEZDGNBVGY3TQOJQ", "ada")
    assert "GEZD" not in text
    assert opened(KEY, text, "ada") == "GEZDGNBVGY3TQOJQ"
    assert opened(KEY, text, "bob") is None
    assert opened(OTHER, text, "ada") is None


def test_what_was_damaged_or_never_sealed_opens_for_nobody() -> None:
    text = sealed(KEY, "secret", "ada")
    for broken in ("", "secret", text[:-4], "2:" + text[2:], text[:5] + "A" + text[6:], "1:***"):
        assert broken == text or opened(KEY, broken, "ada") is None


def test_the_same_secret_is_never_sealed_alike() -> None:
    assert sealed(KEY, "secret", "ada") != sealed(KEY, "secret", "ada")
