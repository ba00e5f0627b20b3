"""The stock pages of the admin: one rule per model and kind of page."""

from dataclasses import replace

from tests.policy.rules import (
    ADMIN_ACCESS,
    FORBIDDEN,
    HIDDEN,
    METHODS,
    NO_SUCH_METHOD,
    SHOWN,
    TOLD,
    Expected,
    admin_sign_in,
    always,
    only,
)
from tests.policy.table.rows import ADMIN, OPEN, Row, row

# The stock admin. It is for administrators only; panelists come no further than their screens.
# Its pages answer whatever method but POST as if it were GET; PUT is asked for all of those.
REGISTERS = {
    "projects_user": {"delete": FORBIDDEN},  # people are switched off, never deleted
    "projects_team": {},
    "scoring_seat": {"delete": FORBIDDEN},
    "projects_cycle": {},
    "projects_journeystage": {},
    "projects_customfield": {},
    "projects_segment": {},
    "projects_auditentry": {"add": FORBIDDEN, "delete": FORBIDDEN},
    "jobs_message": {"add": FORBIDDEN, "delete": FORBIDDEN},
}


def stock(
    route: str,
    kind: str = "",
    *,
    to: tuple[str, ...] = ("admin",),
    shows: Expected = SHOWN,
    takes: Expected = SHOWN,
    refused: Expected = FORBIDDEN,
    path: str = "",
) -> Row:
    """Any method but POST shows the page; an empty POST is shown again with what is missing."""
    rules = dict.fromkeys(METHODS, only(to, shows, refused)) | {"POST": only(to, takes, refused)}
    return replace(row(route, ADMIN, kind, path=path, rules=rules), asked=("GET", "POST", "PUT"))


def register(model: str, pages: dict[str, Expected]) -> list[Row]:
    kind = f"register {model}"
    app, name = model.split("_")
    address = f"admin/{app}/{name}/<path:object_id>/"
    change = FORBIDDEN if "add" in pages else SHOWN  # what one cannot add, one only reads
    return [
        stock(f"admin:{model}_changelist"),
        stock(f"admin:{model}_add", shows=pages.get("add", SHOWN), takes=pages.get("add", SHOWN)),
        stock(f"admin:{model}_change", kind, takes=change),
        stock(
            f"admin:{model}_delete",
            kind,
            shows=pages.get("delete", SHOWN),
            takes=pages.get("delete", SHOWN),
        ),
        stock(f"admin:{model}_history", kind),
        stock(address, kind, to=ADMIN_ACCESS, shows=TOLD, takes=TOLD, path=f"/{address}"),
    ]


SIGNING_OUT = {"POST": always(TOLD), "OPTIONS": only(ADMIN_ACCESS, SHOWN, TOLD)}
STOCK = [
    stock("admin:index", to=ADMIN_ACCESS),
    # Two sign-in routes of its own: one hands on to ours, the other signs out.
    row("admin:login", OPEN, rules=dict.fromkeys(METHODS, admin_sign_in)),
    row(
        "admin:logout",
        OPEN,
        rules=dict.fromkeys(METHODS, only(ADMIN_ACCESS, NO_SUCH_METHOD, TOLD)),
        POST=TOLD,
        OPTIONS=only(ADMIN_ACCESS, SHOWN, TOLD),
    ),
    row("admin:password_change", ADMIN, GET=SHOWN, POST=SHOWN, PUT=SHOWN, OPTIONS=SHOWN),
    row("admin:password_change_done", ADMIN, GET=SHOWN, OPTIONS=SHOWN),
    row("admin:autocomplete", ADMIN, GET=FORBIDDEN, OPTIONS=SHOWN),
    row("admin:jsi18n", ADMIN, GET=SHOWN, OPTIONS=SHOWN),
    stock("admin:view_on_site", "content type", to=ADMIN_ACCESS, shows=HIDDEN, takes=HIDDEN),
    stock("admin:app_list", "app", refused=HIDDEN),
    stock("admin:auth_user_password_change", "person"),
    *(line for model, pages in REGISTERS.items() for line in register(model, pages)),
    stock(
        "admin/(?P<url>.*)$", to=ADMIN_ACCESS, shows=HIDDEN, takes=HIDDEN, path="/admin/no/such/"
    ),
]
