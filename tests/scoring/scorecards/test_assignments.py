"""Who judges what: even work, nobody with a part in it, and what is judged stays."""

from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.errors import Conflict
from projects.models import AuditEntry, Notification, Proposal, Team, User
from scoring.models import Assignment, Seat
from scoring.scorecards.selectors.assignments import judges_of, loads, open_proposals
from scoring.scorecards.selectors.cards import pending_for, to_judge, unseen_proposals
from scoring.scorecards.services import hand_over, recuse, set_judges, spread_judges
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/admin/assignments/"


@pytest.fixture
def panel(company: Company) -> list[User]:
    """Four with a seat: the curator (Finance), the panelist (IT), and two who are free of it."""
    for name in ("ina", "olaf"):
        user = User.objects.create_user(name, team=Team.objects.get(name="Data Platform"))
        Seat.objects.create(user=user)
    return [User.objects.get(username=name) for name in ("curator", "panelist", "ina", "olaf")]


def step_back(proposal: Proposal, member: User) -> None:
    recuse(actor=member, proposal=proposal, reason="A friend.", expected_version=0)


def pairs() -> set[tuple[str, str]]:
    return set(Assignment.objects.values_list("proposal__title", "panelist__username"))


def test_each_proposal_gets_its_judges_and_nobody_else_is_asked(
    company: Company, panel: list[User]
) -> None:
    for title in ("Alpha", "Beta", "Gamma", "Delta"):
        company.submitted(title)
    found = spread_judges(actor=company.curator, each=2)
    assert (found.asked, found.short, found.groups) == (8, 0, 1)
    assert [load.assigned for load in loads()] == [2, 2, 2, 2]
    for member in panel:
        mine = {title for title, name in pairs() if name == member.username}
        assert {proposal.title for proposal in to_judge(member)} == mine
        assert {proposal.title for proposal in pending_for(member, company.version)} == mine
    # The curator is alone in Finance: asked for a share, not for every proposal.
    assert len({title for title, name in pairs() if name == "curator"}) == 2
    told = Notification.objects.get(recipient=company.panelist)
    assert told.text == "2 proposals are yours to judge."
    assert spread_judges(actor=company.curator, each=2).asked == 0
    assert Notification.objects.filter(recipient=company.panelist).count() == 1
    noted = AuditEntry.objects.filter(action="panel.assign").order_by("pk").first()
    assert noted is not None
    assert noted.data == {"asked": 8, "short": 0, "each": 2}


def test_without_assignments_everybody_judges(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    assert all(alpha in to_judge(member) for member in panel)
    set_judges(actor=company.curator, proposal=alpha, judges=[panel[1].pk])
    assert [alpha in to_judge(member) for member in panel] == [False, True, False, False]
    assert alpha not in unseen_proposals(panel[2])
    set_judges(actor=company.curator, proposal=alpha, judges=[])
    assert all(alpha in to_judge(member) for member in panel)


def test_who_is_not_asked_cannot_judge(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    set_judges(actor=company.curator, proposal=alpha, judges=[panel[1].pk])
    with pytest.raises(PermissionDenied, match="Others on the panel are asked"):
        company.score(alpha, panel[2], 50, 25)
    page = signed_in(panel[2]).get(f"/admin/score/{alpha.pk}/")
    assert (page.status_code, "Others on the panel are asked" in text(page)) == (403, True)
    company.score(alpha, panel[1], 50, 25)


def test_what_is_judged_stays_and_counts(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    company.score(alpha, panel[2], 50, 25)
    found = spread_judges(actor=company.curator, each=2)
    assert found.asked == 1
    assert ("Alpha", "ina") in pairs()
    set_judges(actor=company.curator, proposal=alpha, judges=[panel[1].pk])
    assert pairs() == {("Alpha", "ina"), ("Alpha", "panelist")}
    Seat.objects.filter(user=panel[2]).update(is_active=False)
    assert spread_judges(actor=company.curator, each=2).asked == 0
    [row] = judges_of(list(open_proposals()))
    assert [(judge.username, given) for judge, given in row.judges] == [
        ("panelist", False),
        ("ina", True),
    ]


def test_nobody_is_asked_about_what_they_have_a_part_in(
    company: Company, panel: list[User]
) -> None:
    Seat.objects.create(user=company.marketing_mate)
    alpha = company.submitted("Alpha")
    step_back(alpha, panel[3])
    found = spread_judges(actor=company.curator, each=5)
    assert (found.asked, found.short) == (3, 2)
    assert pairs() == {("Alpha", "curator"), ("Alpha", "panelist"), ("Alpha", "ina")}
    for pk in (company.marketing_mate.pk, panel[3].pk):
        with pytest.raises(ValidationError, match="cannot judge this proposal"):
            set_judges(actor=company.curator, proposal=alpha, judges=[pk])
    with pytest.raises(ValidationError, match="Choose people with a seat"):
        set_judges(actor=company.curator, proposal=alpha, judges=[company.leader.pk])


def test_who_steps_back_is_replaced(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    set_judges(actor=company.curator, proposal=alpha, judges=[panel[1].pk, panel[2].pk])
    step_back(alpha, panel[2])
    assert spread_judges(actor=company.curator, each=2).asked == 1
    assert ("Alpha", "ina") not in pairs()
    assert len(pairs()) == 2


def test_somebody_away_hands_over_what_is_due(company: Company, panel: list[User]) -> None:
    for title in ("Alpha", "Beta", "Gamma"):
        company.submitted(title)
    spread_judges(actor=company.curator, each=3)
    mine = [proposal for proposal in open_proposals() if (proposal.title, "ina") in pairs()]
    company.score(mine[0], panel[2], 50, 25)
    found = hand_over(actor=company.curator, member=panel[2])
    assert found.asked + found.short == len(mine) - 1
    assert {title for title, name in pairs() if name == "ina"} == {mine[0].title}
    assert all(len([t for t, _ in pairs() if t == p.title]) == 3 for p in mine)


def test_what_nobody_else_can_judge_stays_where_it_was(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    set_judges(actor=company.curator, proposal=alpha, judges=[panel[2].pk])
    Seat.objects.exclude(user=panel[2]).update(is_active=False)
    found = hand_over(actor=company.admin, member=panel[2])
    assert (found.asked, found.short) == (0, 1)
    assert pairs() == {("Alpha", "ina")}


def test_the_chair_alone_assigns(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    for actor in (company.panelist, company.leader, company.marketing):
        with pytest.raises(PermissionDenied):
            spread_judges(actor=actor, each=2)
        with pytest.raises(PermissionDenied):
            hand_over(actor=actor, member=panel[1])
        with pytest.raises(PermissionDenied):
            set_judges(actor=actor, proposal=alpha, judges=[])
    for each in (0, 51):
        with pytest.raises(ValidationError, match="1 to 50 judges"):
            spread_judges(actor=company.curator, each=each)
    with pytest.raises(Conflict, match="submitted proposal without a decision"):
        set_judges(actor=company.admin, proposal=company.draft("Begun"), judges=[])


def test_fewest_judgements_come_first(company: Company, panel: list[User]) -> None:
    first, second = company.submitted("Alpha"), company.submitted("Beta")
    assert list(pending_for(panel[1], company.version)) == [first, second]
    company.score(first, panel[2], 50, 25)
    assert list(pending_for(panel[1], company.version)) == [second, first]


def test_the_page_spreads_sets_and_hands_over(company: Company, panel: list[User]) -> None:
    alpha = company.submitted("Alpha")
    client = signed_in(company.curator)
    assert "everybody" in text(client.get(PAGE))
    page = text(client.post(f"{PAGE}spread/", {"each": "2"}, follow=True))
    assert "2 judgements asked for." in page
    assert "0 of 2" in page
    chosen = [panel[1].pk, panel[2].pk]
    page = text(client.post(f"{PAGE}{alpha.pk}/", {"judge": chosen}, follow=True))
    assert "The judges of “Alpha” are set." in page
    page = text(client.post(f"{PAGE}hand-over/", {"member": panel[1].pk}, follow=True))
    assert "1 judgement asked for." in page
    wrong = client.post(f"{PAGE}{alpha.pk}/", {"judge": [company.leader.pk, "x"]})
    assert (wrong.status_code, "Choose people with a seat" in text(wrong)) == (422, True)
    page = text(client.post(f"{PAGE}spread/", {"each": "9"}, follow=True))
    assert "could not be placed" in page
    assert "1 to 50 judges" in text(client.post(f"{PAGE}spread/", {"each": "x"}, follow=True))


def test_two_sets_that_share_no_judge_are_pointed_out(company: Company, panel: list[User]) -> None:
    for title, judges in (("Alpha", panel[:2]), ("Beta", panel[2:])):
        proposal = company.submitted(title)
        set_judges(actor=company.curator, proposal=proposal, judges=[judge.pk for judge in judges])
    page = signed_in(company.curator).post(f"{PAGE}spread/", {"each": "2"}, follow=True)
    assert "2 sets that share no judge" in text(page)


def test_the_number_of_queries_does_not_grow(company: Company, panel: list[User]) -> None:
    counts: list[tuple[int, int]] = []
    for more in (1, 3):
        for number in range(more):
            company.submitted(f"Proposal {more} {number}")
            name = f"judge-{more}-{number}"
            Seat.objects.create(user=User.objects.create_user(name, team=panel[1].team))
        spread_judges(actor=company.curator, each=2)
        one = f"{PAGE}{Proposal.objects.latest('pk').pk}/"
        counts.append((queries_of(company, PAGE), queries_of(company, one)))
    assert counts[0] == counts[1]


def queries_of(company: Company, address: str) -> int:
    client = signed_in(company.curator)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(queries)
