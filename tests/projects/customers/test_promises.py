"""Promises: who puts them down, who gives their word, which proposals need them."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.customers.services import agree_to_deliver, hand_over_promise, make_promise
from projects.models import AuditEntry, Notification, Promise, Proposal, Team, User
from projects.proposals.selectors import content_of, with_content
from projects.proposals.services import Change, Collision, copy_proposal, update_proposal
from scoring.forecast.sums import preview
from scoring.panel.selectors import conflicts, is_conflicted
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, text, words


def promised(company: Company, deliverer: User, said: str = "We answer today") -> Promise:
    promise = Promise(words=said, where="App", deliverer=deliverer)
    return make_promise(actor=company.marketing, promise=promise)


def outsider(company: Company, name: str = "pat") -> User:
    """Of a team that owns nothing and judges nothing."""
    team, _ = Team.objects.get_or_create(name="Finance", function="finance")
    return User.objects.create(username=name, first_name=name.title(), team=team)


def test_the_deliverer_is_asked_and_gives_their_word(company: Company) -> None:
    promise = promised(company, company.other_cx)
    (line,) = Notification.objects.filter(recipient=company.other_cx)
    assert (line.url, promise.agreed_at) == (f"/promises/{promise.pk}/", None)
    assert "names you to deliver the promise “We answer today”" in line.text
    for stranger in (company.marketing, company.admin):
        with pytest.raises(PermissionDenied, match="Only who is to deliver"):
            agree_to_deliver(actor=stranger, promise=promise)
    first = agree_to_deliver(actor=company.other_cx, promise=promise)
    assert first.agreed_at is not None
    assert agree_to_deliver(actor=company.other_cx, promise=promise).agreed_at == first.agreed_at
    assert AuditEntry.objects.filter(action="promise.agree").count() == 1


def test_who_names_themselves_has_agreed(company: Company) -> None:
    assert promised(company, company.marketing).agreed_at is not None
    assert not Notification.objects.exists()


def test_handing_over_asks_anew(company: Company) -> None:
    promise = promised(company, company.other_cx)
    agree_to_deliver(actor=company.other_cx, promise=promise)
    pat, eve = outsider(company), outsider(company, "eve")
    handed = hand_over_promise(actor=company.other_cx, promise=promise, deliverer=pat)
    assert (handed.deliverer, handed.agreed_at) == (pat, None)
    assert Notification.objects.filter(recipient=pat).count() == 1
    agree_to_deliver(actor=pat, promise=promise)
    same = hand_over_promise(actor=company.marketing, promise=promise, deliverer=pat)
    assert same.agreed_at is not None  # nobody else was named
    with pytest.raises(PermissionDenied, match="Marketing and CX keep what is known"):
        hand_over_promise(actor=eve, promise=promise, deliverer=eve)
    with pytest.raises(PermissionDenied, match="Marketing and CX keep what is known"):
        make_promise(actor=pat, promise=Promise(words="Mine", where="App", deliverer=pat))


@pytest.mark.parametrize("field", ["words", "where"])
def test_an_empty_part_and_a_repeated_promise_are_refused(company: Company, field: str) -> None:
    said = {"words": "A", "where": "B", field: ""}
    with pytest.raises(ValidationError) as refused:
        make_promise(actor=company.cx, promise=Promise(deliverer=company.cx, **said))
    assert set(refused.value.message_dict) == {field}
    promised(company, company.cx)
    with pytest.raises(ValidationError, match="already exists"):
        promised(company, company.cx)


def test_only_an_active_person_delivers(company: Company) -> None:
    promise, gone = promised(company, company.cx), outsider(company, "gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    program = User.objects.create(username="program", is_service=True)
    for nobody in User.objects.filter(pk__in=[gone.pk, program.pk]):
        with pytest.raises(ValidationError, match="Choose an active person"):
            promised(company, nobody, "Another")
        answer = Api(company.cx).send(
            "POST", f"/promises/{promise.pk}/hand-over/", {"deliverer": nobody.pk}
        )
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {"deliverer"})


# ---------------------------------------------------------------- proposals


def content(proposal: Proposal) -> dict[str, Any]:
    return content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())


def test_owners_sign_which_promise_it_is(company: Company) -> None:
    promise, proposal = promised(company, company.cx), company.draft()
    assert "promise" not in content(proposal)
    company.sign(proposal, company.cx)
    update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(fields={"promise": promise}),
        expected_version=1,
    )
    assert content(proposal)["promise"] == promise.pk
    assert proposal.revisions.get().signatures.get().voided_at
    copied = copy_proposal(actor=company.cx, proposal=proposal, creation_key=uuid4())
    assert copied.promise == promise


def test_two_who_choose_another_promise_collide(company: Company) -> None:
    one, two = promised(company, company.cx, "One"), promised(company, company.cx, "Two")
    proposal = company.draft()

    def save(actor: User, promise: Promise | None) -> Proposal:
        change = Change(fields={"promise": promise, "problem": f"By {actor}"})
        return update_proposal(actor=actor, proposal=proposal, change=change, expected_version=1)

    save(company.marketing, one)
    form = {"version": 1, "marketing_part": "A", "cx_part": "B", "promise": two.pk}
    form |= {"effects-TOTAL_FORMS": 0, "effects-INITIAL_FORMS": 0}
    path = f"/proposals/{proposal.pk}/edit/change/"
    answer = signed_in(company.cx).post(path, form)
    assert answer.status_code == 422
    page = words(answer)
    assert "Keep yours Two" in page
    assert "Take theirs One" in page
    with pytest.raises(Collision):
        save(company.cx, two)


def test_a_promise_without_a_deliverer_is_submitted_and_flagged(company: Company) -> None:
    promise = promised(company, company.other_cx)
    proposal = company.submitted(promise=promise)
    seen = with_content(Proposal.objects.filter(pk=proposal.pk))
    flag = ("promise without a deliverer", "has not agreed to deliver “We answer today”")
    (found,) = [row for row in preview(seen.get(), company.version).cautions if row[0] == flag[0]]
    assert flag[1] in found[1]
    page = words(signed_in(company.leader).get(f"/proposals/{proposal.pk}/"))
    assert "is asked to deliver it and has not agreed yet" in page
    agree_to_deliver(actor=company.other_cx, promise=promise)
    assert flag[0] not in dict(preview(seen.get(), company.version).cautions)


def test_who_delivers_a_promise_and_their_team_do_not_judge_it(company: Company) -> None:
    promise = promised(company, company.panelist)
    proposal = company.submitted(promise=promise)
    # Whoever keeps promises could name a judge; only their own word takes the judgement away.
    assert not is_conflicted(company.panelist, proposal)
    agree_to_deliver(actor=company.panelist, promise=promise)
    mate = outsider(company)
    mate.team = company.panelist.team
    mate.save()
    assert is_conflicted(company.panelist, proposal)
    assert is_conflicted(mate, proposal)
    assert not is_conflicted(company.curator, proposal)
    people = [company.panelist, company.curator, mate]
    closed = {(proposal.pk, company.panelist.pk), (proposal.pk, mate.pk)}
    assert conflicts(people, [proposal]) == closed


def test_the_page_of_a_promise_shows_no_draft_of_others(company: Company) -> None:
    promise = promised(company, company.other_cx)
    company.submitted("Open", promise=promise)
    company.draft("Veiled", promise=promise)
    path = f"/promises/{promise.pk}/"
    page = text(signed_in(company.other_cx).get(path))
    assert "I agree to deliver it" in page
    assert "Open" in page
    assert "Veiled" not in page
    mates = text(signed_in(company.cx_mate).get(path))
    assert "Veiled" in mates
    assert "I agree to deliver it" not in mates


def test_pages_put_down_and_hand_over(company: Company) -> None:
    client = signed_in(company.cx)
    form = {"words": "We call back", "where": "Website", "deliverer": company.other_cx.pk}
    assert client.post("/promises/new/", form).status_code == 302
    again = client.post("/promises/new/", form)
    assert again.status_code == 422
    assert "already exists" in text(again)
    promise = Promise.objects.get()
    path = f"/promises/{promise.pk}/hand-over/"
    assert "Choose who delivers it." in text(client.post(path, {}, follow=True))
    client.post(path, {"deliverer": company.cx.pk})
    promise.refresh_from_db()
    assert (promise.deliverer, promise.agreed_at is not None) == (company.cx, True)


def test_queries_do_not_grow_with_promises(
    company: Company, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(company.leader), []
    for rows in (1, 3):
        for number in range(rows):
            promise = promised(company, outsider(company, f"p{rows}{number}"), f"{rows} {number}")
            company.submitted(f"{rows} {number}", promise=promise)
        for path in ("/promises/", f"/promises/{Promise.objects.earliest('pk').pk}/"):
            with django_assert_max_num_queries(20) as seen:
                client.get(path)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
