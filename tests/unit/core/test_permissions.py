"""Who may do what, against a second table written by hand: a wrong cell cannot pass itself."""

import pytest

from backend.core.errors import Forbidden, NotFound
from backend.core.identifiers import uuid7
from backend.core.permissions import PERMISSIONS, Role
from backend.core.principal import Principal
from backend.core.scope import Scope

MSP, CLIENT, OTHER = uuid7(), uuid7(), uuid7()
# One line per permission, one column per role:
#                    super  msp    msp        client          end
#                    admin  admin  technician admin   auditor user  device
EXPECTED = {
    "msp:read":          "yes   yes    yes        yes     yes     no    no",
    "client:read":       "yes   yes    yes        yes     yes     no    no",
    "user:read":         "no    yes    yes        yes     yes     no    no",
    "policy:read":       "no    yes    yes        yes     yes     yes   yes",
    "policy:write":      "no    yes    yes        yes     no      no    no",
    "policy:publish":    "no    yes    no         yes     no      no    no",
    "audit:read":        "no    yes    yes        yes     yes     no    no",
    "audit:append":      "no    no     no         no      no      no    yes",
    "violation:feed":    "no    yes    yes        yes     yes     no    no",
    "device:read":       "no    yes    yes        yes     yes     no    no",
    "device:enrol-code": "no    yes    yes        yes     no      no    no",
    "device:revoke":     "no    yes    no         yes     no      no    no",
    "ai_service:read":   "no    yes    yes        yes     yes     yes   yes",
    "analyze:run":       "no    no     no         yes     no      yes   yes",
    "sync:read":         "no    no     no         no      no      no    yes",
    "system:write":      "yes   no     no         no      no      no    no",
}  # fmt: skip
ROLES = ("super_admin", "msp_admin", "msp_technician", "client_admin", "auditor", "end_user",
         "device")  # fmt: skip
CELLS = [
    (permission, role, word == "yes")
    for permission, line in EXPECTED.items()
    for role, word in zip(ROLES, line.split(), strict=True)
]


def somebody(role: Role, client: bool = False) -> Principal:  # noqa: FBT001, FBT002 -- a test's own word
    """Return a principal; of an MSP unless told otherwise."""
    tenant = CLIENT if client else MSP
    return Principal("user", uuid7(), None, MSP, tenant, CLIENT if client else None, role, uuid7())


@pytest.mark.parametrize(("permission", "role", "is_allowed"), CELLS)
def test_a_role_may_do_what_was_decided(permission: str, role: str, is_allowed: bool) -> None:  # noqa: FBT001 -- a cell
    assert somebody(Role(role)).may(permission) is is_allowed


def test_the_table_knows_no_role_and_no_permission_besides() -> None:
    assert set(PERMISSIONS) == set(Role) == {Role(name) for name in ROLES}
    assert frozenset().union(*PERMISSIONS.values()) == set(EXPECTED)


def test_a_refusal_names_the_permission_and_whom_to_ask() -> None:
    with pytest.raises(Forbidden, match=r"end user.*policy:publish.*Ask an administrator"):
        somebody(Role.END_USER).require("policy:publish")


def test_msp_staff_see_their_msp_and_each_client_within_it() -> None:
    staff = somebody(Role.MSP_ADMIN)
    assert staff.scope() == Scope.msp(MSP)
    assert staff.scope_for(OTHER) == Scope.tenant(OTHER, MSP)
    assert staff.own_scope() == Scope.tenant(MSP, MSP)


def test_people_of_a_client_see_that_client_and_no_other() -> None:
    admin = somebody(Role.CLIENT_ADMIN, client=True)
    assert admin.scope() == admin.scope_for(CLIENT) == Scope.tenant(CLIENT, MSP)
    with pytest.raises(NotFound):
        admin.scope_for(OTHER)


def test_msp_staff_belong_to_no_client() -> None:
    assert somebody(Role.AUDITOR, client=True).own_client() == CLIENT
    with pytest.raises(Forbidden):
        somebody(Role.AUDITOR).own_client()
