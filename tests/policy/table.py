"""The policy: one row per route, one entry per method, and what each person gets.

A route without a row fails the build, and so does a method that answers without an entry. To add a
route, add its row here: its name, its door, the rule for each method, the kind of object it names.
``HEAD`` follows ``GET``. The stock pages of the admin follow one rule per model and kind of page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from tests.policy import bodies
from tests.policy.bodies import Body
from tests.policy.rules import (
    ADMIN_ACCESS,
    ADMINISTRATORS,
    CONFLICT,
    CURATORS,
    DONE,
    FORBIDDEN,
    GONE,
    HIDDEN,
    INVALID,
    MADE,
    METHODS,
    NO_SUCH_METHOD,
    NOTED,
    PANEL,
    PRIVILEGED,
    RUN_REQUESTERS,
    SAVED,
    SHOWN,
    STATES,
    STRANGERS,
    TAKEN,
    TOLD,
    WRONG,
    Case,
    Expected,
    Rule,
    admin_sign_in,
    adopting,
    always,
    api_standing,
    asking,
    assigning,
    by_card,
    cancelling,
    colleagues,
    commenting,
    deciding,
    deciding_page,
    drafting,
    drawn,
    judges,
    mine,
    only,
    owners,
    ranked,
    scorecards,
    seen,
    standing,
    tying,
    versions,
    voting,
    weights,
)
from tests.policy.world import World


class Door(Enum):
    """What somebody who is not signed in meets."""

    OPEN = "nothing"
    PAGE = "the sign-in page"
    API = "401"
    ADMIN = "the admin's door, which is closed to people without a seat too"


OPEN, PAGE, API, ADMIN = Door


@dataclass(frozen=True)
class Row:
    route: str
    door: Door
    rules: dict[str, Rule]
    kind: str = ""  # which objects of the world it is asked for; empty: it names none
    body: Callable[[World, Case], Body] = bodies.nothing
    before: Callable[[World, Case], None] = bodies.no_step
    path: str = ""  # the address of a route without a name
    asked: tuple[str, ...] = METHODS


def row(
    route: str,
    door: Door,
    kind: str = "",
    *,
    body: Callable[[World, Case], Body] = bodies.nothing,
    before: Callable[[World, Case], None] = bodies.no_step,
    path: str = "",
    rules: dict[str, Rule] | None = None,
    **methods: Rule | Expected,
) -> Row:
    made = {
        name: always(rule) if isinstance(rule, Expected) else rule for name, rule in methods.items()
    }
    return Row(route, door, (rules or {}) | made, kind, body, before, path)


SITE = [
    row("healthz", OPEN, GET=SHOWN),
    row("readyz", OPEN, GET=SHOWN),
    row(
        "account_login",
        OPEN,
        GET=only(STRANGERS, SHOWN, TOLD),
        POST=only(STRANGERS, SHOWN, TOLD),
    ),
    row("account_logout", OPEN, POST=TOLD),
    row("account_inactive", OPEN, GET=SHOWN),
    row("account_change_password", PAGE, GET=SHOWN, POST=SHOWN),
    row("account_reset_password", OPEN, GET=SHOWN, POST=SHOWN),
    row("account_reset_password_done", OPEN, GET=SHOWN),
    row("account_reset_password_from_key", OPEN, "reset link", GET=TOLD, POST=TOLD),
    row("account_reauthenticate", PAGE, GET=SHOWN, POST=SHOWN),
    row("confirm", PAGE, "provider", GET=HIDDEN),
    row("confirmed", PAGE, GET=TOLD),
    row("openid_connect_login", OPEN, "provider", POST=HIDDEN),
    row("openid_connect_callback", OPEN, "provider", GET=HIDDEN),
    row("mfa_index", PAGE, GET=SHOWN),
    row("mfa_authenticate", OPEN, GET=TOLD, POST=TOLD),
    row("mfa_login_webauthn", OPEN, GET=TOLD, POST=TOLD),
    # Who must have a second factor has an app here; the others have none.
    row(
        "mfa_reauthenticate",
        PAGE,
        GET=only(PRIVILEGED, SHOWN, TOLD),
        POST=only(PRIVILEGED, SHOWN, TOLD),
    ),
    row("mfa_reauthenticate_webauthn", PAGE, GET=TOLD, POST=TOLD),
    row(
        "mfa_activate_totp",
        PAGE,
        GET=only(PRIVILEGED, TOLD, SHOWN),
        POST=only(PRIVILEGED, TOLD, SHOWN),
    ),
    row(
        "mfa_deactivate_totp",
        PAGE,
        GET=only(PRIVILEGED, SHOWN, HIDDEN),
        POST=only(PRIVILEGED, DONE, HIDDEN),
    ),
    row("mfa_view_recovery_codes", PAGE, GET=HIDDEN),
    row("mfa_generate_recovery_codes", PAGE, GET=SHOWN, POST=only(PRIVILEGED, TOLD, SHOWN)),
    row("mfa_add_webauthn", PAGE, GET=SHOWN, POST=SHOWN),
    row("mfa_remove_webauthn", PAGE, "passkey", GET=SHOWN, POST=DONE),
    row("sessions", PAGE, GET=SHOWN),
    row("session-end", PAGE, "session", POST=TOLD),
    row("person-second-factor-off", PAGE, "invited", POST=only(ADMINISTRATORS, TOLD)),
    row("preferences", PAGE, GET=SHOWN, POST=DONE, body=bodies.preferences),
    row("people", PAGE, GET=only(ADMINISTRATORS, SHOWN)),
    row("people-file", PAGE, GET=only(ADMINISTRATORS, SHOWN)),
    row(
        "person-invite",
        PAGE,
        GET=only(ADMINISTRATORS, SHOWN),
        POST=only(ADMINISTRATORS, DONE),
        body=bodies.invitation,
    ),
    row("person-invite-again", PAGE, "invited", POST=only(ADMINISTRATORS, DONE)),
    row(
        "person-off",
        PAGE,
        "invited",
        GET=only(ADMINISTRATORS, SHOWN),
        POST=only(ADMINISTRATORS, DONE),
    ),
    row(
        "people-import",
        PAGE,
        GET=only(ADMINISTRATORS, SHOWN),
        POST=only(ADMINISTRATORS, Expected(422)),  # a list is missing
    ),
    row("imports", PAGE, GET=only(ADMINISTRATORS, SHOWN), POST=only(ADMINISTRATORS, INVALID)),
    row("import-template", PAGE, GET=only(ADMINISTRATORS, SHOWN)),
    row(
        "import",
        PAGE,
        "batch",
        GET=only(ADMINISTRATORS, SHOWN),
        POST=only(ADMINISTRATORS, TOLD),
    ),
    row("import-undo", PAGE, "batch", POST=only(ADMINISTRATORS, TOLD)),
    row("first", OPEN, GET=HIDDEN, POST=HIDDEN),  # somebody is here already
    row("first-link", OPEN, "invitation", GET=TOLD),
    row("journey-usual", PAGE, POST=only(ADMINISTRATORS, TOLD)),
    row("join", OPEN, GET=SHOWN, POST=SHOWN),
    row("join-link", OPEN, "invitation", GET=TOLD),
    row("tokens", PAGE, GET=SHOWN, POST=SAVED, body=bodies.token),
    row("token-revoke", PAGE, "token", POST=DONE),
    row("home", PAGE, GET=SHOWN),
    row("notifications", PAGE, GET=SHOWN),
    row("notifications-read", PAGE, POST=TOLD),
    row("proposals", PAGE, GET=SHOWN),
    row("proposals-overlaps", PAGE, GET=SHOWN),
    row("proposal-new", PAGE, GET=SHOWN, POST=DONE, body=bodies.start),
    row("proposal", PAGE, "proposal", GET=seen(SHOWN)),
    row("proposal-figures", PAGE, "proposal", GET=seen(SHOWN)),
    row("proposal-close", PAGE, "proposal", GET=seen(SHOWN)),
    row("proposal-revisions", PAGE, "proposal", GET=seen(SHOWN)),
    row(
        "proposal-edit",
        PAGE,
        "proposal step",
        GET=owners({"draft": SHOWN, "submitted": TOLD, "decided": TOLD}),
        POST=owners({"draft": DONE, "submitted": TOLD, "decided": TOLD}),
        body=bodies.problem,
    ),
    row(
        "proposal-sign",
        PAGE,
        "proposal",
        POST=owners({"draft": DONE, "submitted": TOLD, "decided": TOLD}, administrators=False),
        body=bodies.text_digest,
    ),
    row(
        "proposal-submit",
        PAGE,
        "proposal",
        POST=owners({"draft": DONE, "submitted": TOLD, "decided": TOLD}),
        body=bodies.version,
        before=bodies.both_sign,
    ),
    row(
        "proposal-recall",
        PAGE,
        "proposal",
        POST=owners({"draft": TOLD, "submitted": DONE, "decided": TOLD}),
        body=bodies.version,
    ),
    row(
        "proposal-copy",
        PAGE,
        "proposal",
        POST=owners({"draft": DONE, "submitted": DONE, "decided": DONE}),
        body=bodies.repeatable,
    ),
    row(
        "proposal-links",
        PAGE,
        "proposal",
        GET=owners(dict.fromkeys(STATES, SHOWN)),
        POST=owners(dict.fromkeys(STATES, DONE)),
        body=bodies.tie,
    ),
    row("link-remove", PAGE, "link", POST=owners(dict.fromkeys(STATES, DONE))),
    row("customers", PAGE, GET=SHOWN),
    row("segments", PAGE, GET=SHOWN),
    row("segment", PAGE, "segment", GET=SHOWN),
    row("segments-file", PAGE, GET=SHOWN),
    row("segment-figures", PAGE, GET=SHOWN, POST=DONE, body=bodies.figures),
    row("cohort", PAGE, GET=SHOWN),
    row("kpis", PAGE, GET=SHOWN),
    row("kpi", PAGE, "kpi", GET=SHOWN, POST=DONE, body=bodies.kpi_value),
    row("kpi-new", PAGE, GET=SHOWN, POST=DONE, body=bodies.kpi),
    row("kpis-file", PAGE, GET=SHOWN),
    row("research", PAGE, GET=SHOWN),
    row("research-new", PAGE, GET=SHOWN, POST=DONE, body=bodies.question_to_customers),
    row("research-known", PAGE, GET=SHOWN),
    row("research-request", PAGE, "research", GET=SHOWN),
    row("research-plan", PAGE, "research", POST=DONE, body=bodies.research_plan),
    row("research-answer", PAGE, "research", POST=DONE, body=bodies.research_answer),
    row("personas", PAGE, GET=SHOWN),
    row("persona", PAGE, "persona", GET=SHOWN),
    row("persona-new", PAGE, GET=SHOWN, POST=DONE, body=bodies.persona),
    row("promises", PAGE, GET=SHOWN),
    row("promise", PAGE, "promise", GET=SHOWN),
    row("promise-new", PAGE, GET=SHOWN, POST=DONE, body=bodies.promise),
    row("promise-agree", PAGE, "promise", POST=DONE),
    row("promise-hand-over", PAGE, "promise", POST=DONE, body=bodies.deliverer),
    row("insights", PAGE, GET=SHOWN),
    row("insight", PAGE, "insight", GET=SHOWN),
    row("insight-new", PAGE, GET=SHOWN, POST=DONE, body=bodies.insight),
    row("insight-names", PAGE, GET=SHOWN),
    row("insights-file", PAGE, GET=SHOWN),
    row("insights-import", PAGE, GET=SHOWN, POST=INVALID),  # a list is missing
    row("backlog", PAGE, GET=SHOWN),
    row("backlog-charts", PAGE, GET=SHOWN),
    row("backlog-chart", PAGE, "chart", GET=SHOWN),
    row("backlog-chart-file", PAGE, "chart", GET=ranked(SHOWN)),
    row(
        "backlog-export",
        PAGE,
        "file",
        GET=ranked(SHOWN),
        POST=ranked(DONE),
        body=bodies.repeatable,
    ),
    row("exports", PAGE, GET=SHOWN),
    row("export", PAGE, "export", GET=mine),
    row("export-file", PAGE, "export", GET=mine),
    row("backlog-why", PAGE, "proposal", GET=standing),
    row("backlog-drivers-file", PAGE, "proposal", GET=drawn),
    row(
        "decision",
        PAGE,
        "proposal",
        GET=deciding_page(SHOWN),
        POST=deciding_page(DONE),
        body=bodies.decision,
    ),
    row("what-if", PAGE, GET=only(RUN_REQUESTERS, SHOWN)),
    row("scenario-keep", PAGE, POST=asking(DONE, HIDDEN), body=bodies.scenario),
    row("scenario-remove", PAGE, "scenario", POST=only(RUN_REQUESTERS, DONE)),
    row("plan", PAGE, GET=only(RUN_REQUESTERS, SHOWN)),
    row("plan-costs", PAGE, GET=asking(SHOWN, HIDDEN)),
    row("plan-adopt", PAGE, POST=adopting(DONE, HIDDEN), body=bodies.plan),
    row(
        "decide-together",
        PAGE,
        GET=adopting(SHOWN, FORBIDDEN),
        POST=adopting(DONE, FORBIDDEN),
        body=bodies.together,
    ),
    row("view-save", PAGE, POST=DONE, body=bodies.saved_view),
    row("view-remove", PAGE, "saved view", POST=DONE),
    row("runs", PAGE, GET=SHOWN),
    row("run-new", PAGE, POST=only(RUN_REQUESTERS, DONE)),
    row("runs-compare", PAGE, GET=SHOWN),
    row("runs-compare-file", PAGE, GET=ranked(SHOWN)),
    row("run", PAGE, "run", GET=ranked(SHOWN, FORBIDDEN)),
    row("run-cancel", PAGE, "run", POST=only(RUN_REQUESTERS, TOLD)),  # it is done already
    row("framework", PAGE, GET=SHOWN),
]

SCREENS = [
    row(
        "admin:score",
        ADMIN,
        "proposal",
        GET=judges(SHOWN, decided=FORBIDDEN),
        POST=judges(DONE, decided=FORBIDDEN),
        body=bodies.score_form,
    ),
    row(
        "admin:recuse",
        ADMIN,
        "proposal",
        POST=judges(DONE, decided=FORBIDDEN),
        body=bodies.recusal,
    ),
    row("admin:grid", ADMIN, GET=only(PANEL, SHOWN), POST=only(PANEL, DONE), body=bodies.grid),
    row(
        "admin:score-ask",
        ADMIN,
        "judged proposal",
        POST=colleagues(DONE),
        body=bodies.asking,
    ),
    row("admin:score-answer", ADMIN, "question", POST=colleagues(DONE), body=bodies.reply),
    row("admin:judgements", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:differences", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:meeting", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:meeting-now", ADMIN, GET=only(PANEL, SHOWN)),
    row("admin:meeting-screen", ADMIN, GET=only(PANEL, TOLD)),  # somebody else leads
    row(
        "admin:meeting-begin",
        ADMIN,
        POST=only(("curator",), DONE),
        body=bodies.no_meeting,
    ),
    *(
        row(f"admin:meeting-{step}", ADMIN, POST=only(PANEL, DONE), body=body)
        for step, body in (
            ("put-up", bodies.meeting),
            ("round", bodies.meeting),
            ("vote", bodies.open_round),
            ("reveal", bodies.open_round),
            ("lead", bodies.meeting),
            ("end", bodies.meeting),
        )
    ),
    row(
        "admin:conflicts",
        ADMIN,
        GET=only(ADMIN_ACCESS, SHOWN),
        POST=only(PANEL, DONE),
        body=bodies.conflict,
    ),
    row("admin:conflict-end", ADMIN, "declared conflict", POST=only(ADMIN_ACCESS, DONE)),
    row("admin:assignments", ADMIN, GET=only(CURATORS, SHOWN)),
    row("admin:assignments-spread", ADMIN, POST=only(CURATORS, DONE), body=bodies.spread),
    row("admin:assignments-hand-over", ADMIN, POST=only(CURATORS, DONE), body=bodies.member),
    row(
        "admin:judges",
        ADMIN,
        "unscored proposal",
        GET=assigning(SHOWN),
        POST=assigning(DONE),
    ),
    row(
        "admin:framework",
        ADMIN,
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, DONE),
        body=bodies.weights_form,
    ),
    row("admin:framework-ready", ADMIN, GET=only(CURATORS, SHOWN)),
    row(
        "admin:framework-ready-one",
        ADMIN,
        "ready framework",
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, TOLD),  # a draft is open
    ),
    row("admin:framework-start", ADMIN, POST=only(CURATORS, TOLD)),
    row("admin:framework-publish", ADMIN, POST=only(CURATORS, DONE), body=bodies.draft_number),
    row("admin:framework-comment", ADMIN, POST=only(ADMIN_ACCESS, DONE), body=bodies.comment),
    row("admin:framework-weights", ADMIN, GET=only(ADMIN_ACCESS, SHOWN)),
    row(
        "admin:framework-weights-ask",
        ADMIN,
        POST=only(CURATORS, DONE),
        body=bodies.draft_number,
    ),
    row(
        "admin:framework-weights-take",
        ADMIN,
        POST=only(CURATORS, TOLD),  # nobody is asked
        body=bodies.draft_number,
    ),
    row("admin:framework-weigh", ADMIN, GET=only(PANEL, TOLD), POST=only(PANEL, TOLD)),
    row("admin:framework-weigh-in", ADMIN, "group", GET=only(PANEL, TOLD), POST=only(PANEL, TOLD)),
    row(
        "admin:framework-vote",
        ADMIN,
        GET=only(ADMIN_ACCESS, SHOWN),
        POST=only(PANEL, INVALID),  # nothing is voted on
    ),
    row("admin:framework-vote-back", ADMIN, POST=only(CURATORS, TOLD)),
    row("admin:framework-discard", ADMIN, POST=only(CURATORS, DONE), body=bodies.draft_number),
    row("admin:framework-dimension", ADMIN, POST=only(CURATORS, DONE), body=bodies.dimension_form),
    row(
        "admin:framework-new-criterion",
        ADMIN,
        "dimension named in the query",
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, DONE),
        body=bodies.criterion_form,
    ),
    row(
        "admin:framework-criterion",
        ADMIN,
        "criterion",
        GET=only(CURATORS, SHOWN),
        POST=only(CURATORS, DONE),
        body=bodies.criterion_form,
    ),
    row(
        "admin:framework-remove-criterion",
        ADMIN,
        "criterion",
        POST=only(CURATORS, DONE),
        body=bodies.draft_number,
    ),
]

INTERFACE = [
    row("api-proposal-list", API, GET=SHOWN, POST=MADE, body=bodies.new_proposal),
    row(
        "api-proposal-detail",
        API,
        "proposal",
        GET=seen(SHOWN),
        PATCH=owners({"draft": SAVED, "submitted": CONFLICT, "decided": CONFLICT}),
        body=bodies.edit,
    ),
    row(
        "api-proposal-sign",
        API,
        "proposal",
        POST=owners(
            {"draft": SAVED, "submitted": CONFLICT, "decided": CONFLICT}, administrators=False
        ),
        body=bodies.text_digest,
    ),
    row(
        "api-proposal-submit",
        API,
        "proposal",
        POST=owners({"draft": SAVED, "submitted": CONFLICT, "decided": CONFLICT}),
        before=bodies.both_sign,
    ),
    row(
        "api-proposal-recall",
        API,
        "proposal",
        POST=owners({"draft": CONFLICT, "submitted": SAVED, "decided": CONFLICT}),
    ),
    row(
        "api-proposal-copy",
        API,
        "proposal",
        POST=owners({"draft": MADE, "submitted": MADE, "decided": MADE}),
    ),
    row("api-proposal-overlaps", API, "proposal", GET=seen(SHOWN)),
    row(
        "api-link-list",
        API,
        "proposal named in the body",
        GET=SHOWN,
        POST=tying,
        body=bodies.link,
    ),
    row("api-link-detail", API, "link", DELETE=owners(dict.fromkeys(STATES, GONE))),
    row("api-team-list", API, GET=SHOWN),
    row("api-person-list", API, GET=SHOWN),
    row("api-cycle-list", API, GET=SHOWN),
    row("api-stage-list", API, GET=SHOWN),
    row("api-segment-list", API, GET=SHOWN),
    row("api-promise-list", API, GET=SHOWN, POST=MADE, body=bodies.promise),
    row("api-promise-detail", API, "promise", GET=SHOWN),
    row("api-promise-agree", API, "promise", POST=SAVED),
    row("api-promise-hand-over", API, "promise", POST=SAVED, body=bodies.deliverer),
    row("api-research-list", API, GET=SHOWN, POST=MADE, body=bodies.question_to_customers),
    row("api-research-detail", API, "research", GET=SHOWN),
    row("api-research-plan", API, "research", POST=SAVED, body=bodies.research_plan),
    row("api-research-answer", API, "research", POST=SAVED, body=bodies.api_research_answer),
    row("api-persona-list", API, GET=SHOWN, POST=MADE, body=bodies.persona),
    row("api-persona-detail", API, "persona", GET=SHOWN),
    row("api-kpi-list", API, GET=SHOWN, POST=MADE, body=bodies.kpi),
    row("api-kpi-detail", API, "kpi", GET=SHOWN),
    row("api-kpi-value-list", API, GET=SHOWN, POST=MADE, body=bodies.api_kpi_value),
    row("api-insight-list", API, GET=SHOWN, POST=MADE, body=bodies.insight),
    row("api-insight-detail", API, "insight", GET=SHOWN),
    row("api-segment-figure-list", API, GET=SHOWN, POST=MADE, body=bodies.figure),
    row("api-notification-list", API, GET=SHOWN),
    row("api-notification-read", API, POST=NOTED),
    row(
        "api-framework-version-list",
        API,
        GET=SHOWN,
        POST=only(CURATORS, MADE),
        before=bodies.no_draft,
        body=bodies.framework,
    ),
    row(
        "api-framework-version-detail",
        API,
        "version",
        GET=versions,
        PUT=drafting(SAVED),
        DELETE=drafting(GONE),
        body=bodies.framework,
    ),
    row("api-framework-version-publish", API, "version", POST=drafting(SAVED)),
    row("api-framework-version-ballot", API, "version", POST=voting, body=bodies.ballot),
    row(
        "api-framework-version-comments",
        API,
        "version",
        GET=weights,
        POST=commenting,
        body=bodies.comment,
    ),
    row(
        "api-framework-version-weights",
        API,
        "version",
        GET=weights,
        POST=voting,  # nobody is asked
        body=bodies.opinion,
    ),
    row("api-framework-version-ask-weights", API, "version", POST=drafting(SAVED)),
    row(
        "api-framework-version-take-weights",
        API,
        "version",
        POST=drafting(CONFLICT),  # nobody is asked
    ),
    row("api-judgements-list", API, GET=only(PANEL, SHOWN)),
    row("api-differences-list", API, GET=only(PANEL, SHOWN)),
    row(
        "api-conflicts-list",
        API,
        GET=only(ADMIN_ACCESS, SHOWN),
        POST=only(PANEL, MADE),
        body=bodies.declared,
    ),
    row("api-conflicts-end", API, "declared conflict", POST=only(ADMIN_ACCESS, SAVED)),
    row("api-assignments-list", API, GET=only(CURATORS, SHOWN)),
    row("api-assignments-spread", API, POST=only(CURATORS, SAVED), body=bodies.spread),
    row("api-assignments-hand-over", API, POST=only(CURATORS, SAVED), body=bodies.member),
    row(
        "api-assignments-detail",
        API,
        "unscored proposal",
        PUT=assigning(SAVED),
        body=bodies.judges,
    ),
    row("api-queue-list", API, GET=only(PANEL, SHOWN)),
    row(
        "api-queue-scorecard",
        API,
        "unscored proposal",
        PUT=judges(SAVED, decided=CONFLICT),
        body=bodies.scorecard,
    ),
    row(
        "api-queue-recuse",
        API,
        "unscored proposal",
        POST=judges(SAVED, decided=CONFLICT),
        body=bodies.recusal,
    ),
    row("api-scorecard-list", API, GET=SHOWN),
    row("api-scorecard-detail", API, "scorecard", GET=scorecards),
    row(
        "api-scorecard-questions",
        API,
        "scorecard",
        GET=scorecards,
        POST=by_card(own=WRONG, other=MADE),
        body=bodies.asking,
    ),
    row(
        "api-scorecard-answer",
        API,
        "scorecard",
        POST=by_card(own=SAVED, other=HIDDEN),
        body=bodies.reply,
    ),
    row("api-run-list", API, GET=SHOWN, POST=only(RUN_REQUESTERS, TAKEN)),
    row("api-run-detail", API, "run", GET=ranked(SHOWN)),
    row("api-run-cancel", API, "run", POST=cancelling),
    row("api-backlog-list", API, GET=ranked(SHOWN, FORBIDDEN)),
    row("api-backlog-detail", API, "ranked proposal", GET=api_standing),
    row(
        "api-plan-list",
        API,
        GET=only(RUN_REQUESTERS, SHOWN),
        POST=adopting(MADE, FORBIDDEN),
        body=bodies.plan,
    ),
    row("api-plan-ask", API, POST=asking(SHOWN), body=bodies.question),
    row(
        "api-decision-list",
        API,
        "proposal named in the body",
        GET=SHOWN,
        POST=deciding,
        body=bodies.api_decision,
    ),
    row(
        "api-export-list",
        API,
        GET=SHOWN,
        POST=ranked(TAKEN, FORBIDDEN),
        body=bodies.export,
    ),
    row("api-export-detail", API, "export", GET=mine),
    row("api-export-file", API, "export", GET=mine),
    row("api-export-form", API, GET=SHOWN),
    row("api-decision-detail", API, "decision", GET=SHOWN),
    row("api-backlog-ledger", API, "ranked proposal", GET=api_standing),
    row("api-saved-view-list", API, GET=SHOWN, POST=MADE, body=bodies.saved_view),
    row("api-saved-view-detail", API, "saved view", DELETE=GONE),
    row(
        "api-scenario-list",
        API,
        GET=only(RUN_REQUESTERS, SHOWN),
        POST=asking(MADE),
        body=bodies.scenario,
    ),
    row(
        "api-scenario-detail",
        API,
        "scenario",
        GET=only(RUN_REQUESTERS, SHOWN),
        DELETE=only(RUN_REQUESTERS, GONE),
    ),
    row("api-scenario-answer", API, "scenario", GET=asking(SHOWN)),
    row("api-scenario-ask", API, POST=asking(SHOWN), body=bodies.question),
    row(
        "api-import-list",
        API,
        GET=only(ADMINISTRATORS, SHOWN),
        POST=only(ADMINISTRATORS, MADE),
        body=bodies.list_file,
    ),
    row(
        "api-import-detail",
        API,
        "batch",
        GET=only(ADMINISTRATORS, SHOWN),
        PATCH=only(ADMINISTRATORS, SHOWN),
    ),
    row("api-import-bring-in", API, "batch", POST=only(ADMINISTRATORS, WRONG)),
    row("api-import-undo", API, "batch", POST=only(ADMINISTRATORS, CONFLICT)),
    row("api-root", API, GET=SHOWN),
    row("api-unknown", OPEN, path="/api/v1/no/such/", rules=dict.fromkeys(METHODS, always(HIDDEN))),
    row("api-schema", API, GET=SHOWN),
    row("api-docs", PAGE, GET=SHOWN),
]


# The stock admin. It is for administrators only; panelists come no further than their screens.
# Its pages answer whatever method but POST as if it were GET; PUT is asked for all of those.
REGISTERS = {
    "projects_user": {"delete": FORBIDDEN},  # people are switched off, never deleted
    "projects_team": {},
    "scoring_seat": {"delete": FORBIDDEN},
    "projects_cycle": {},
    "projects_journeystage": {},
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

TABLE = [*SITE, *SCREENS, *INTERFACE, *STOCK]
