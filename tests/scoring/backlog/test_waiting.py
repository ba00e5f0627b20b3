"""What a proposal waits for: who, what, by when."""

import re
from uuid import uuid4

from projects.models import Comment, Proposal
from projects.proposals.services import add_comment, resolve
from scoring.decisions.services import decide, meet_condition
from tests.company import Company, a_condition
from tests.pages import signed_in, words


def waiting(company: Company, proposal: Proposal) -> str:
    page = words(signed_in(company.marketing).get(f"/proposals/{proposal.pk}/"))
    found = re.search(r"What it waits for (.*?) Marketing marketing Acquisition", page)
    return found[1].replace(" :", ":") if found else ""


def test_a_draft_waits_for_parts_then_keys_then_submitting(company: Company) -> None:
    draft = company.draft(problem="")
    assert waiting(company, draft).startswith("marketing or cx: write 1 part by ")
    draft = company.draft()
    assert re.match(r"marketing: sign by .* cx: sign by ", waiting(company, draft))
    company.sign(draft, company.cx)
    assert waiting(company, draft).startswith("marketing: sign by ")
    company.sign(draft, company.marketing)
    assert waiting(company, draft).startswith("marketing or cx: submit by ")


def test_a_submitted_one_waits_for_answers(company: Company) -> None:
    proposal = company.submitted()
    assert waiting(company, proposal) == ""
    asked = Comment(proposal=proposal, text="Why?", to=company.cx)
    add_comment(actor=company.leader, comment=asked)
    add_comment(actor=company.leader, comment=Comment(proposal=proposal, text="Well done."))
    assert waiting(company, proposal) == "cx: answer leader"
    resolve(actor=company.cx, thread=asked)
    assert waiting(company, proposal) == ""


def test_a_greenlight_waits_for_its_conditions(company: Company) -> None:
    proposal = company.scored("One")
    decision = decide(
        actor=company.leader,
        proposal=proposal,
        run=company.rank(),
        outcome="conditional",
        reason="It pays.",
        conditions=[a_condition(company.other_cx, "Legal agrees."), a_condition(company.cx)],
        creation_key=uuid4(),
    )
    assert waiting(company, proposal).startswith("other-cx: meet: Legal agrees. by ")
    first, _ = decision.conditions.all()
    meet_condition(actor=company.leader, condition=first, how="")
    assert waiting(company, proposal).startswith("cx: meet: Legal agrees.")
