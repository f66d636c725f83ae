"""The permission matrix as a page: `python -m backend.core.permission_page` prints it."""

from typing import Final

from backend.core.permissions import ALL, CELLS, COLUMNS, Role

_TITLES: Final = {
    Role.SUPER_ADMIN: "super admin",
    Role.MSP_ADMIN: "MSP admin",
    Role.MSP_TECHNICIAN: "MSP technician",
    Role.CLIENT_ADMIN: "client admin",
    Role.AUDITOR: "auditor",
    Role.END_USER: "end user",
    Role.DEVICE: "browser",
}
_HEAD: Final = """# Who may do what

Generated from `backend/core/permissions.py`; a test keeps this page equal to it. To change it,
change the table there and run
`python -m backend.core.permission_page > backend/core/permissions.md`.

| word | how far the permission reaches |
|---|---|
| platform | every MSP |
| msp | the person's MSP and all its clients |
| assigned | the clients the technician is assigned to |
| own | the person's own client |
| scope | as `msp` for an auditor of an MSP, as `own` for one of a client |
| self | the person's or browser's own records |
| glass | nobody, until an emergency access is opened with a reason; not built yet |
| - | not at all |

"""


def permission_page() -> str:
    """Return the page in Markdown."""
    titles = " | ".join(_TITLES[role] for role in COLUMNS)
    rule = "|".join(["---"] * (len(COLUMNS) + 1))
    lines = [
        f"| `{name}` | " + " | ".join(CELLS[name, role] for role in COLUMNS) + " |" for name in ALL
    ]
    return _HEAD + "\n".join([f"| permission | {titles} |", f"|{rule}|", *lines]) + "\n"


if __name__ == "__main__":
    print(permission_page(), end="")  # noqa: T201 -- printing is what it is run for
