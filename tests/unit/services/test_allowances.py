"""A caller, and a tenant, may ask so often in a minute; nobody else notices."""

from uuid import UUID

import pytest

from backend.core.errors import TooMany
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.services.allowances import TENANT, Allowances

CALLS = 60


def at_once() -> Allowances:
    """Return allowances at a moment that lasts: on a busy machine one more call comes free."""
    return Allowances(CALLS, lambda: 0.0)


def caller(tenant: UUID) -> Principal:
    return Principal("user", uuid7(), None, tenant, tenant, tenant, Role.CLIENT_ADMIN, uuid7())


def use_up(allowances: Allowances, who: Principal) -> None:
    for _ in range(CALLS):
        allowances.take(who)


def test_one_call_too_many_waits_and_a_colleague_does_not() -> None:
    allowances, tenant = at_once(), uuid7()
    ann, colleague = caller(tenant), caller(tenant)
    use_up(allowances, ann)
    with pytest.raises(TooMany, match="more than 60 times in a minute") as refused:
        allowances.take(ann)
    assert refused.value.retry_after_seconds == 1
    use_up(allowances, colleague)


def test_many_callers_of_one_tenant_leave_room_for_another_tenant() -> None:
    allowances, tenant = at_once(), uuid7()
    for _ in range(TENANT):
        use_up(allowances, caller(tenant))
    with pytest.raises(TooMany, match="together"):
        allowances.take(caller(tenant))
    allowances.take(caller(uuid7()))
