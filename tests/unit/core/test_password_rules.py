"""Which passwords are refused, and that no kinds of characters are prescribed."""

import pytest

from backend.core.errors import InvalidInput
from backend.core.password_rules import refuse_weak

EMAIL = "margaret@clinic.example"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "wir gehen heute schwimmen",
        "kQ7#vLp2&xRt9",
        "ölflasche-am-fluss",
    ],
)
def test_a_long_password_of_any_kind_is_taken(password: str) -> None:
    refuse_weak(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    ["", "Short-1!", "a" * 40, "abababababab", "password1234", "quillgate2026", "Margaret-2026!",
      "x" * 300, "123456781234"],
)  # fmt: skip
def test_a_password_that_is_soon_guessed_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        refuse_weak(password, EMAIL)
    assert refused.value.stable_code == "weak-password"
    assert not password or password not in str(refused.value)
