"""Actions are ordered as the product orders them, not as the alphabet does."""

from itertools import pairwise

from backend.policy.actions import Action


def test_actions_go_from_mild_to_strict() -> None:
    assert sorted(Action, reverse=True) == [Action.BLOCK, Action.WARN, Action.FLAG, Action.ALLOW]
    for mild, strict in pairwise(Action):
        assert mild < strict
        assert mild <= strict
        assert strict > mild
        assert strict >= mild
        assert not mild > strict


def test_only_warn_and_block_stop_the_user() -> None:
    assert [action.value for action in Action if action.stops] == ["warn", "block"]
