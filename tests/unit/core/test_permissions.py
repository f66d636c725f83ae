"""Who may do what, against a second table written by hand: a wrong cell cannot pass itself."""

from pathlib import Path

import pytest

from backend.core.errors import Forbidden, NotFound
from backend.core.identifiers import uuid7
from backend.core.permission_page import permission_page
from backend.core.permissions import ALL, PERMISSIONS, Reach, Role
from backend.core.principal import Principal
from backend.core.scope import Acting, Scope

MSP, CLIENT, OTHER = uuid7(), uuid7(), uuid7()
PAGE = Path(__file__).parents[3] / "backend/core/permissions.md"
# One line per permission, one letter per role, from security.md section 5 and never from the code:
# P every MSP, M the MSP, A assigned clients, O the own client, S oneself, - nothing.
#                     super admin, MSP admin, technician, client admin, auditor of an MSP,
#                     auditor of a client, end user, browser
EXPECTED = {
    "msp:read":          "P M M O M O - -",
    "msp:write":         "P M - - - - - -",
    "msp:export":        "P M M - M O - -",
    "client:read":       "P M A O M O - -",
    "client:write":      "P M - O - - - -",
    "client:export":     "P M - - - - - -",
    "user:read":         "P M A O M O S -",
    "user:write":        "P M - O - - S -",
    "user:export":       "P M A O M O - -",
    "role:grant":        "P M - O - - - -",
    "account:write":     "S S S S S S S -",
    "session:read":      "S M S O S S S -",
    "session:revoke":    "S M S O S S S -",
    "policy:read":       "P M A O M O O O",
    "policy:write":      "P M A O - - - -",
    "policy:publish":    "- M - O - - - -",
    "audit:read":        "- M A O M O S -",
    "audit:export":      "- M A O M O - -",
    "audit:append":      "- - - - - - - S",
    "audit:verify":      "P M A O M O S S",
    "audit:redact":      "- - - O - - - -",
    "retention:write":   "- - - O - - - -",
    "violation:feed":    "- M A O M O - -",
    "violation:write":   "- M A O - - - -",
    "device:read":       "- M A O M O - -",
    "device:enrol-code": "P M A O - - - -",
    "device:revoke":     "P M A O - - S -",
    "analyze:run":       "- - - O - - S S",
    "ai_service:read":   "- M A O M O O O",
    "ai_service:decide": "- M - O - - - -",
    "ai_service:review": "- M A O M O - -",
    "ai_service:request": "- - - S - - S S",
    "ai_service:discover": "- M A O - - - S",
    "framework:write":   "- M - O - - - -",
    "exception:read":    "- M A O M O S S",
    "exception:request": "- - - S - - S S",
    "exception:decide":  "- M - O - - - -",
    "lockbox:write":     "- - - O - - - -",
    "assignment:write":  "- M - - - - - -",
    "report:read":       "P M A O M O - -",
    "report:export":     "P M A O M O - -",
    "webhook:write":     "- M - O - - - -",
    "apikey:write":      "- M - O - - - -",
    "sync:read":         "- - - - - - - S",
    "system:write":      "P - - - - - - -",
}  # fmt: skip
LETTERS = {"P": Reach.PLATFORM, "M": Reach.MSP, "A": Reach.ASSIGNED, "O": Reach.OWN,
           "S": Reach.SELF, "-": Reach.NONE}  # fmt: skip
WHO = (("super_admin", False), ("msp_admin", False), ("msp_technician", False),
       ("client_admin", True), ("auditor", False), ("auditor", True), ("end_user", True),
       ("device", True))  # fmt: skip
CELLS = [
    (permission, role, is_of_client, LETTERS[letter])
    for permission, line in EXPECTED.items()
    for (role, is_of_client), letter in zip(WHO, line.split(), strict=True)
]


def somebody(role: Role, client: bool = False) -> Principal:  # noqa: FBT001, FBT002 -- a test's own word
    """Return a principal; of an MSP unless told otherwise."""
    tenant = CLIENT if client else MSP
    return Principal("user", uuid7(), None, MSP, tenant, CLIENT if client else None, role, uuid7())


@pytest.mark.parametrize(("permission", "role", "is_of_client", "reach"), CELLS)
def test_a_permission_of_a_role_reaches_as_far_as_was_decided(
    permission: str,
    role: str,
    is_of_client: bool,  # noqa: FBT001 -- a cell
    reach: Reach,
) -> None:
    who = somebody(Role(role), is_of_client)
    assert who.reach(permission) is reach
    for least in Reach:
        assert who.may(permission, least) is (reach >= least)


def test_the_table_knows_no_role_and_no_permission_besides() -> None:
    assert set(PERMISSIONS) == set(Role) == {Role(name) for name, _ in WHO}
    assert set(ALL) == set(EXPECTED)
    assert frozenset().union(*PERMISSIONS.values()) == set(EXPECTED)


def test_a_permission_that_nobody_has_written_down_is_held_by_nobody() -> None:
    assert [role for role in Role if somebody(role).may("everything:write", Reach.SELF)] == []


def test_the_page_of_the_matrix_is_the_table() -> None:
    assert PAGE.read_text("utf-8") == permission_page()


def test_a_permission_over_oneself_does_not_open_what_shows_a_whole_client() -> None:
    person = somebody(Role.END_USER, client=True)
    person.require("user:read", Reach.SELF)
    with pytest.raises(Forbidden, match="user:read of others"):
        person.require("user:read")


def test_a_refusal_names_the_permission_and_whom_to_ask() -> None:
    with pytest.raises(Forbidden, match=r"end user.*policy:publish\. Ask an administrator"):
        somebody(Role.END_USER).require("policy:publish")
    with pytest.raises(Forbidden, match=r"client:write this widely"):
        somebody(Role.CLIENT_ADMIN, client=True).require("client:write", Reach.MSP)


def test_msp_staff_see_their_msp_and_each_client_within_it() -> None:
    staff = somebody(Role.MSP_ADMIN)
    who = Acting.STAFF, staff.user_id
    assert staff.scope() == Scope.msp(MSP).by(*who)
    assert staff.scope_for(OTHER) == Scope.tenant(OTHER, MSP).by(*who)
    assert staff.own_scope() == Scope.tenant(MSP, MSP).by(*who)


def test_people_of_a_client_see_that_client_and_no_other() -> None:
    admin = somebody(Role.CLIENT_ADMIN, client=True)
    own = Scope.tenant(CLIENT, MSP).by(Acting.PERSON, admin.user_id)
    assert admin.scope() == admin.scope_for(CLIENT) == own
    with pytest.raises(NotFound):
        admin.scope_for(OTHER)


def test_msp_staff_belong_to_no_client() -> None:
    assert somebody(Role.AUDITOR, client=True).own_client() == CLIENT
    with pytest.raises(Forbidden):
        somebody(Role.AUDITOR).own_client()
