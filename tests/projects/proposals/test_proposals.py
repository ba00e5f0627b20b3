"""Two keys, drafts, and what each step refuses."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict, StaleVersion
from projects.models import AuditEntry, MoneyLine, Notification, Proposal, Revision, Signature
from projects.proposals.selectors import content_of, estimates_of, owned_drafts, visible_to
from projects.proposals.services import (
    Change,
    create_proposal,
    recall_proposal,
    sign_proposal,
    submit_proposal,
    update_proposal,
)
from tests.company import TEXTS, Company, digest


def edit(company: Company, proposal: Proposal, **fields: object) -> Proposal:
    return update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(fields=fields),
        expected_version=Proposal.objects.get(pk=proposal.pk).version,
    )


def live(proposal: Proposal) -> list[str]:
    return sorted(
        Signature.objects.filter(revision__proposal=proposal, voided_at=None).values_list(
            "function", flat=True
        )
    )


def test_both_keys_submit_and_the_text_is_frozen_in_a_revision(company: Company) -> None:
    proposal = company.submitted()
    assert proposal.status == "submitted"
    assert proposal.submitted_revision is not None
    assert proposal.submitted_revision.digest == digest(proposal)
    assert proposal.submitted_revision.content["problem"] == TEXTS["problem"]


@pytest.mark.parametrize(
    ("signers", "missing"),
    [([], "Marketing and the CX owner have"), (["marketing"], "CX owner has"), (["cx"], "Mark")],
)
def test_submit_without_both_signatures_is_refused(
    company: Company, signers: list[str], missing: str
) -> None:
    proposal = company.draft()
    for name in signers:
        company.sign(proposal, getattr(company, name))
    with pytest.raises(ValidationError) as caught:
        submit_proposal(actor=company.marketing, proposal=proposal, expected_version=1)
    [sentence] = caught.value.message_dict["signatures"]
    assert sentence.startswith("Two signatures are needed. The ")
    assert missing in sentence
    assert Proposal.objects.get(pk=proposal.pk).status == "draft"


def test_one_changed_character_voids_both_signatures_and_tells_the_other_owner(
    company: Company,
) -> None:
    proposal = company.sign(company.draft())
    assert live(proposal) == ["cx", "marketing"]
    edit(company, proposal, problem=TEXTS["problem"] + ".")
    assert live(proposal) == []
    assert Signature.objects.filter(revision__proposal=proposal).count() == 2
    told = Notification.objects.filter(recipient=company.cx).latest("pk")
    assert "Your signature is void" in told.text


def test_saving_the_same_text_keeps_the_signatures(company: Company) -> None:
    proposal = company.sign(company.draft())
    edit(company, proposal, problem=TEXTS["problem"])
    assert live(proposal) == ["cx", "marketing"]


@pytest.mark.parametrize("change", ["money", "effects", "cx_owner", "horizon_months"])
def test_every_part_of_the_content_is_under_the_signatures(company: Company, change: str) -> None:
    proposal = company.sign(company.draft())
    values: dict[str, Change] = {
        "money": Change(money=company.money(cost=100_001)),
        "effects": Change(effects=company.effects(reach=9_999)),
        "cx_owner": Change(fields={"cx_owner": company.other_cx}),
        "horizon_months": Change(fields={"horizon_months": 35}),
    }
    update_proposal(
        actor=company.marketing, proposal=proposal, change=values[change], expected_version=1
    )
    assert live(proposal) == []


def test_a_changed_owner_is_told_and_so_is_the_one_before(company: Company) -> None:
    proposal = company.draft()
    Notification.objects.all().delete()
    edit(company, proposal, cx_owner=company.other_cx)
    assert sorted(Notification.objects.values_list("recipient__username", "text")) == [
        ("cx", "marketing named somebody else in your place on “Stop the double offer”."),
        ("other-cx", "marketing named you as an owner of “Stop the double offer”."),
    ]


def test_signing_needs_the_exact_text(company: Company) -> None:
    proposal = company.draft()
    seen = digest(proposal)
    edit(company, proposal, title="Another title")
    with pytest.raises(StaleVersion):
        sign_proposal(actor=company.cx, proposal=proposal, digest=seen)
    assert live(proposal) == []


def test_signing_twice_is_one_signature(company: Company) -> None:
    proposal = company.draft()
    for _ in range(2):
        company.sign(proposal, company.cx)
    assert Signature.objects.filter(revision__proposal=proposal).count() == 1


def test_an_incomplete_text_cannot_be_signed(company: Company) -> None:
    proposal = company.draft(problem="  ")
    with pytest.raises(ValidationError, match="Say what goes wrong"):
        company.sign(proposal, company.marketing)


@pytest.mark.parametrize("who", ["marketing_mate", "other_cx", "panelist", "leader", "curator"])
def test_only_the_owners_change_and_sign(company: Company, who: str) -> None:
    proposal, actor = company.draft(), getattr(company, who)
    with pytest.raises(PermissionDenied):
        sign_proposal(actor=actor, proposal=proposal, digest=digest(proposal))
    with pytest.raises(PermissionDenied):
        update_proposal(
            actor=actor,
            proposal=proposal,
            change=Change(fields={"title": "Mine now"}),
            expected_version=1,
        )
    assert Proposal.objects.get(pk=proposal.pk).title == "Stop the double offer"


def test_a_stale_edit_changes_nothing(company: Company) -> None:
    proposal = company.draft()
    edit(company, proposal, title="First")
    with pytest.raises(StaleVersion, match="Nothing was saved"):
        update_proposal(
            actor=company.cx,
            proposal=proposal,
            change=Change(fields={"title": "Second"}),
            expected_version=1,
        )
    assert Proposal.objects.get(pk=proposal.pk).title == "First"


def test_a_submitted_text_is_locked_until_taken_back(company: Company) -> None:
    proposal = company.submitted()
    with pytest.raises(Conflict, match="Take it back"):
        edit(company, proposal, title="Changed")
    recalled = recall_proposal(
        actor=company.cx, proposal=proposal, expected_version=proposal.version
    )
    assert recalled.status == "draft"
    assert live(proposal) == []


def test_the_same_creation_key_makes_one_proposal(company: Company) -> None:
    change = Change(
        fields={"title": "Once", "marketing_owner": company.marketing, "cx_owner": company.cx}
    )
    key = uuid4()
    first, second = (
        create_proposal(
            actor=company.marketing, cycle=company.cycle, change=change, creation_key=key
        )
        for _ in range(2)
    )
    assert first.pk == second.pk
    assert Proposal.objects.count() == 1
    with pytest.raises(Conflict):
        create_proposal(
            actor=company.other_marketing, cycle=company.cycle, change=change, creation_key=key
        )


def test_owners_must_be_of_their_functions(company: Company) -> None:
    with pytest.raises(ValidationError) as caught:
        company.draft(cx=company.panelist)
    assert caught.value.message_dict == {"cx_owner": ["Choose an active person from a CX team."]}
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"low": 3, "likely": 2, "high": 4}, "money.0.likely", "Likely must not be below low."),
        ({"low": 1, "likely": 3, "high": 2}, "money.0.high", "High must not be below likely."),
        ({"low": -1, "likely": 2, "high": 3}, "money.0.low", "A cost cannot be negative."),
        (
            {"kind": "acquisition", "low": 1, "likely": 1, "high": 1},
            "money.0.yearly_retention",
            "Say which share of these new customers",
        ),
    ],
)
def test_money_is_checked_line_by_line(
    company: Company, values: dict[str, object], path: str, message: str
) -> None:
    line = MoneyLine(**{"kind": "one_off_cost", **values})
    with pytest.raises(ValidationError) as caught:
        company.draft(money=[line])
    assert list(caught.value.message_dict) == [path]
    assert caught.value.message_dict[path][0].startswith(message)
    assert Proposal.objects.count() == 0


def test_a_stage_and_segment_stand_once(company: Company) -> None:
    with pytest.raises(ValidationError) as caught:
        company.draft(effects=[*company.effects(), *company.effects()])
    assert caught.value.message_dict == {"effects.1.segment": ["This is already in the list."]}


def test_a_day_of_evidence_is_under_the_signatures_and_its_absence_changes_no_text(
    company: Company,
) -> None:
    proposal = company.sign(company.draft())
    without = content_of(proposal)["effects"]
    assert [set(effect) for effect in without] == [
        {"stage", "segment", "reach", "points", "evidence"}
    ]
    effects = company.effects()
    effects[0].evidence_date = date(2025, 3, 31)
    update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(effects=effects),
        expected_version=proposal.version,
    )
    assert live(proposal) == []
    dated = content_of(Proposal.objects.get(pk=proposal.pk))["effects"]
    assert dated == [without[0] | {"evidence_date": "2025-03-31"}]


def test_estimates_of_a_portfolio_are_those_of_each_text(company: Company) -> None:
    acquisition = MoneyLine(
        kind="acquisition", low=1, likely=2, high=3, yearly_retention=Decimal("0.8")
    )
    rich = company.draft(title="Rich", money=[*company.money(), acquisition])
    poor = company.draft(title="Poor", money=[], effects=[])
    rich.measures.create(key="votes", value=12.5)
    found = estimates_of(Proposal.objects.all())
    for proposal in (rich, poor):
        text = content_of(Proposal.objects.get(pk=proposal.pk))
        assert found[proposal.pk] == {part: text[part] for part in ("money", "effects", "measures")}
    assert len(found) == 2
    assert len(found[rich.pk]["money"]) == 3


def test_drafts_are_seen_by_the_owners_teams_only(company: Company) -> None:
    proposal = company.draft()
    expected = {
        "marketing": True,
        "cx": True,
        "marketing_mate": True,
        "cx_mate": True,
        "other_marketing": False,
        "other_cx": False,
        "panelist": False,
        "curator": False,
        "leader": False,
        "admin": True,
    }
    seen = {
        name: visible_to(getattr(company, name)).filter(pk=proposal.pk).exists()
        for name in expected
    }
    assert seen == expected


def test_a_person_without_team_sees_no_foreign_draft(company: Company) -> None:
    company.draft()
    company.leader.team = None
    company.leader.save(update_fields=["team"])
    assert list(visible_to(company.leader)) == []


def test_home_asks_for_the_missing_key_first(company: Company) -> None:
    mine = company.sign(company.draft("I signed"), company.cx)
    company.sign(company.draft("She signed"), company.marketing)
    drafts = owned_drafts(company.cx)
    assert [(row.proposal.title, row.needs_my_key) for row in drafts] == [
        ("She signed", True),
        ("I signed", False),
    ]
    assert drafts[1].proposal == mine
    assert drafts[1].signed == {"cx"}


def test_home_reads_the_newest_of_very_many_drafts(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.proposals.selectors.standing.MOST_DRAFTS", 2)
    for number in range(4):
        company.draft(f"Draft {number}")
    titles = [row.proposal.title for row in owned_drafts(company.marketing)]
    assert sorted(titles) == ["Draft 2", "Draft 3"]


@pytest.mark.parametrize("model", [Revision, AuditEntry, Signature])
def test_sealed_rows_refuse_updates_in_the_database(company: Company, model: type) -> None:
    company.submitted()
    field = {"Revision": "digest", "AuditEntry": "action", "Signature": "attestation"}
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        model.objects.update(**{field[model.__name__]: "forged"})  # type: ignore[attr-defined]
