"""The words of the policy table: who asks for what, and what must come back."""

from collections.abc import Callable
from dataclasses import dataclass

ROLES = ("anonymous", "marketing", "cx", "panelist", "curator", "leader", "admin", "deactivated")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RELATIONS = ("owner", "same team", "other team")
STATES = ("draft", "submitted", "decided")

STRANGERS = ("anonymous", "deactivated")
PANEL = ("panelist", "curator")
ADMIN_ACCESS = (*PANEL, "admin")
ADMINISTRATORS = ("admin",)
CURATORS = ("curator", "admin")
RUN_REQUESTERS = ("leader", "curator", "admin")
PRIVILEGED = ("leader", "curator", "admin")  # need a second factor


@dataclass(frozen=True)
class Case:
    """One role asking for one object. Without an object, relation and state are empty."""

    role: str
    relation: str = ""
    state: str = ""


@dataclass(frozen=True)
class Expected:
    """A status; whether something is written (every write leaves an audit entry); a redirect."""

    status: int
    writes: bool = False
    to: str = ""


Rule = Callable[[Case], Expected]

SHOWN = Expected(200)
SAVED = Expected(200, writes=True)
MADE = Expected(201, writes=True)
TAKEN = Expected(202, writes=True)
GONE = Expected(204, writes=True)
NOTED = Expected(204)  # touches only what is one's own and not audited
DONE = Expected(302, writes=True)  # a form that acted, then goes on to a page
TOLD = Expected(302)  # a form that did nothing but leave a sentence, then goes on to a page
SIGN_IN = Expected(302, to="/sign-in/?next=")
ADMIN_SIGN_IN = Expected(302, to="/admin/login/?next=")
WRONG = Expected(400)
UNKNOWN = Expected(401)
FORBIDDEN = Expected(403)
HIDDEN = Expected(404)
NO_SUCH_METHOD = Expected(405)
CONFLICT = Expected(409)
INVALID = Expected(422)


def always(expected: Expected) -> Rule:
    return lambda _case: expected


def only(roles: tuple[str, ...], allowed: Expected, refused: Expected = FORBIDDEN) -> Rule:
    return lambda case: allowed if case.role in roles else refused


def sees(case: Case) -> bool:
    """A draft belongs to its owners and their teams; administrators see all."""
    return case.state != "draft" or case.relation != "other team" or case.role == "admin"


def seen(expected: Expected) -> Rule:
    """For everyone who sees the proposal."""
    return lambda case: expected if sees(case) else HIDDEN


def owners(by_state: dict[str, Expected], *, administrators: bool = True) -> Rule:
    """For the two owners; what comes back depends on the proposal's state."""

    def rule(case: Case) -> Expected:
        if not sees(case):
            return HIDDEN
        allowed = case.relation == "owner" or (administrators and case.role == "admin")
        return by_state[case.state] if allowed else FORBIDDEN

    return rule


def judges(allowed: Expected, *, decided: Expected) -> Rule:
    """For panelists whose team has no part in the proposal, until it is decided."""

    def rule(case: Case) -> Expected:
        if not sees(case):
            return HIDDEN
        if case.role not in PANEL or case.relation != "other team":
            return FORBIDDEN
        return decided if case.state == "decided" else allowed

    return rule


def assigning(allowed: Expected) -> Rule:
    """The chair says who judges what is open."""

    def rule(case: Case) -> Expected:
        if case.role not in CURATORS:
            return FORBIDDEN
        return allowed if case.state == "submitted" else HIDDEN

    return rule


def ranked(expected: Expected, refused: Expected = HIDDEN) -> Rule:
    """What comes of a run that is done: closed to panelists, who owe a judgement in it."""
    return lambda case: refused if case.role in PANEL and case.state != "failed" else expected


def asking(expected: Expected, closed: Expected = FORBIDDEN) -> Rule:
    """What if on the current run: for who may ask, once the run is open to them."""

    def rule(case: Case) -> Expected:
        if case.role not in RUN_REQUESTERS:
            return FORBIDDEN
        return closed if case.role in PANEL else expected

    return rule


def adopting(expected: Expected, closed: Expected) -> Rule:
    """Making a plan of what one sees: leaders alone."""

    def rule(case: Case) -> Expected:
        if case.role in PANEL and case.role in RUN_REQUESTERS:
            return closed
        return expected if case.role == "leader" else FORBIDDEN

    return rule


def standing(case: Case) -> Expected:
    """Where a proposal stands."""
    return HIDDEN if case.state == "draft" or case.role in PANEL else SHOWN


def api_standing(case: Case) -> Expected:
    """The same through the API, which says why it is closed."""
    return FORBIDDEN if case.role in PANEL else standing(case)


def cancelling(case: Case) -> Expected:
    """Both runs are over; one of them a panelist does not see."""
    if case.role in PANEL and case.state == "done":
        return HIDDEN
    return CONFLICT if case.role in RUN_REQUESTERS else FORBIDDEN


def drawn(case: Case) -> Expected:
    """What drives a rank, as a file: none without a rank, and the decided ones have none here."""
    return HIDDEN if case.state == "decided" else standing(case)


def deciding_page(done: Expected) -> Rule:
    """Leaders decide on what is in the backlog; who owns a proposal only reads the form."""

    def rule(case: Case) -> Expected:
        if case.role != "leader":
            return FORBIDDEN
        if case.state == "draft":
            return HIDDEN
        return FORBIDDEN if case.relation == "owner" and done.writes else done

    return rule


def deciding(case: Case) -> Expected:
    """The same through the API, where the proposal is named in the body: 400 if one sees none."""
    if not sees(case):
        return WRONG
    if case.role != "leader" or case.relation == "owner":
        return FORBIDDEN
    return CONFLICT if case.state == "draft" else MADE


def lettered(case: Case) -> Expected:
    """The letter of a decision: its owners', the leaders' and the administrators'.

    Who owes a judgement in the run does not read where anything stood in it.
    """
    may = (case.relation == "owner" and case.role not in PANEL) or case.role in ("leader", "admin")
    return SHOWN if may else HIDDEN


def reporting(done: Expected) -> Rule:
    """How greenlit work goes: everybody reads it, its owners report."""

    def rule(case: Case) -> Expected:
        if case.state != "decided":
            return HIDDEN
        may = not done.writes or case.relation == "owner" or case.role == "admin"
        return done if may else FORBIDDEN

    return rule


def reporting_in_api(case: Case) -> Expected:
    """The same, where the proposal is named in the body."""
    if not sees(case):
        return WRONG
    if case.relation != "owner" and case.role != "admin":
        return FORBIDDEN
    return MADE if case.state == "decided" else CONFLICT


def tying(case: Case) -> Expected:
    """A proposal tied to another through the API: only by its owners, who are its readers."""
    if not sees(case):
        return WRONG
    return MADE if case.relation == "owner" or case.role == "admin" else FORBIDDEN


def inviting(case: Case) -> Expected:
    """Somebody is asked through the API to write a draft along: by its owners alone."""
    made = tying(case)
    return CONFLICT if made == MADE and case.state != "draft" else made


def drafting(allowed: Expected) -> Rule:
    """A version of the framework: only the draft changes, only the chair and admins change it."""

    def rule(case: Case) -> Expected:
        if case.state == "draft" and case.role not in ADMIN_ACCESS:
            return HIDDEN
        if case.role not in CURATORS:
            return FORBIDDEN
        return allowed if case.state == "draft" else CONFLICT

    return rule


def voting(case: Case) -> Expected:
    """A ballot, where nothing is voted on: for the panel a state, for others no right."""
    if case.state == "draft" and case.role not in ADMIN_ACCESS:
        return HIDDEN
    return CONFLICT if case.role in PANEL else FORBIDDEN


def weights(case: Case) -> Expected:
    """What the panel says of a version's weights: the panel's and the administrators'."""
    if case.state == "draft" and case.role not in ADMIN_ACCESS:
        return HIDDEN
    return SHOWN if case.role in ADMIN_ACCESS else FORBIDDEN


def commenting(case: Case) -> Expected:
    """The panel and administrators say something to a draft."""
    found = weights(case)
    if found != SHOWN:
        return found
    return MADE if case.state == "draft" else CONFLICT


def versions(case: Case) -> Expected:
    return HIDDEN if case.state == "draft" and case.role not in ADMIN_ACCESS else SHOWN


def scorecards(case: Case) -> Expected:
    """One's own, and others' where one's own is in; nobody else sees a person's scorecard."""
    return SHOWN if case.role in PANEL and case.state in ("own", "own is in") else HIDDEN


def by_card(*, own: Expected, other: Expected) -> Rule:
    """What acts on a scorecard that one sees: on the own one, or on another's."""
    found = {"own": own, "own is in": other}
    return lambda case: found.get(case.state, HIDDEN) if case.role in PANEL else HIDDEN


def colleagues(allowed: Expected) -> Rule:
    """Who has judged the proposal too; administrators see no scorecard."""

    def rule(case: Case) -> Expected:
        if case.role in PANEL:
            return allowed
        return HIDDEN if case.role == "admin" else FORBIDDEN

    return rule


def mine(case: Case) -> Expected:
    """One's own of a run that is open, and nobody else's, administrators included."""
    return SHOWN if case.state == "own" and case.role not in PANEL else HIDDEN


def admin_sign_in(case: Case) -> Expected:
    """The admin's own sign-in page hands on to ours, and refuses who is signed in already."""
    if case.role in STRANGERS:
        return Expected(302, to="/sign-in/?next=/admin/login/")
    return TOLD if case.role in ADMIN_ACCESS else FORBIDDEN
