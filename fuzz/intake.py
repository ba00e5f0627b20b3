"""What is proposed, and what is known of customers."""

from base64 import b64encode
from random import Random
from typing import Any

from fuzz.ground import Good, Ground
from projects.models import (
    CoAuthor,
    Comment,
    Cycle,
    Evidence,
    Kpi,
    Link,
    Persona,
    Promise,
    Proposal,
    ResearchRequest,
    User,
)
from projects.proposals.services import add_file, withdraw_proposal


class Intake(Ground):
    """What is proposed, and what is known of customers."""

    def good_proposals_create(self, _user: User, _random: Random) -> Good:
        return Good(body=self.proposal_body("A new one"))

    def good_links_create(self, user: User, random: Random) -> Good:
        one = self.make_proposal("Tied").pk
        other = self.good_proposals_retrieve(user, random).pk
        kind = random.choice(Link.BINDING)
        return Good(body={"proposal": one, "kind": kind, "other": other, "because": "So."})

    def good_comments_create(self, user: User, random: Random) -> Good:
        proposal = self.good_proposals_retrieve(user, random).pk
        part = random.choice(Comment.Part.values)
        return Good(body={"proposal": proposal, "part": part, "text": "Who counted?"})

    def good_comments_reply_create(self, user: User, random: Random) -> Good:
        return Good(self.comment_of(user, random).pk, body={"text": "We did."})

    def good_comments_resolve_create(self, user: User, random: Random) -> Good:
        return Good(self.comment_of(user, random).pk)

    def comment_of(self, user: User, random: Random) -> Comment:
        proposal = self.good_proposals_retrieve(user, random).pk
        return Comment.objects.create(
            proposal_id=proposal, text="Who counted?", author=user, in_draft=False
        )

    def good_proposals_withdraw_create(self, _user: User, _random: Random) -> Good:
        self.fresh.refresh_from_db()
        return Good(self.fresh.pk, self.fresh.version, body={"reason": "Too late."})

    def good_proposals_take_up_create(self, _user: User, _random: Random) -> Good:
        """Withdrawn in the transaction of the request."""
        self.fresh.refresh_from_db()
        return Good(self.fresh.pk, self.fresh.version + 1, before=self.withdraw)

    def withdraw(self) -> None:
        fresh = Proposal.objects.get(pk=self.fresh.pk)
        withdraw_proposal(
            actor=self.people["cx"],
            proposal=fresh,
            reason="Too late.",
            expected_version=fresh.version,
        )

    def good_links_destroy(self, user: User, random: Random) -> Good:
        said = self.good_links_create(user, random).body
        ends = {"proposal_id": said.pop("proposal"), "other_id": said.pop("other")}
        return Good(Link.objects.create(**said, **ends, created_by=user).pk)

    def good_links_agree_create(self, user: User, _random: Random) -> Good:
        ends = {"proposal": self.make_proposal("Part"), "other": self.make_proposal("Whole")}
        return Good(Link.objects.create(**ends, kind="part", because="One.", created_by=user).pk)

    def good_files_create(self, _user: User, random: Random) -> Good:
        body = {"proposal": self.make_proposal("With a file").pk, "name": f"{random.random()}.txt"}
        return Good(body=body | {"content": "QXMgdG9sZC4="})

    def file_of(self, user: User, random: Random) -> Good:
        draft = self.make_proposal("With a file")
        text = str(random.random()).encode()
        return Good(add_file(actor=user, proposal=draft, name="told.txt", content=text).pk)

    def good_files_retrieve(self, _user: User, random: Random) -> Good:
        return self.file_of(self.people["marketing"], random)

    def good_files_destroy(self, _user: User, random: Random) -> Good:
        return self.file_of(self.people["marketing"], random)

    def good_co_authors_create(self, user: User, random: Random) -> Good:
        person = random.choice([one for one in self.people.values() if one != user]).pk
        return Good(body={"proposal": self.make_proposal("Along").pk, "person": person})

    def good_co_authors_destroy(self, user: User, _random: Random) -> Good:
        draft = self.make_proposal("Along")
        made = CoAuthor.objects.create(proposal=draft, person=user, invited_by=user)
        return Good(made.pk)

    def good_promises_create(self, _user: User, random: Random) -> Good:
        words = f"We answer within {random.randint(1, 10**6)} minutes"
        person = self.people["cx"].pk
        return Good(body={"words": words, "where": "Website", "deliverer": person})

    def good_promises_retrieve(self, user: User, random: Random) -> Good:
        said = {"where": "App", "deliverer": user}
        words = f"We answer today, {random.randint(1, 10**9)}"
        return Good(Promise.objects.create(words=words, **said).pk)

    def good_promises_agree_create(self, user: User, random: Random) -> Good:
        return self.good_promises_retrieve(user, random)

    def good_promises_hand_over_create(self, user: User, random: Random) -> Good:
        found = self.good_promises_retrieve(user, random)
        return Good(found.pk, body={"deliverer": self.people["cx"].pk})

    def good_research_create(self, _user: User, random: Random) -> Good:
        return Good(body={"question": f"Who, {random.randrange(10**9)}?", "why": "So."})

    def good_research_retrieve(self, user: User, _random: Random) -> Good:
        said = {"question": "Why do they leave?", "why": "What we mend.", "asked_by": user}
        return Good(ResearchRequest.objects.create(**said).pk)

    def good_research_plan_create(self, user: User, random: Random) -> Good:
        asked = self.good_research_retrieve(user, random).pk
        planned = {"run_by": self.people["cx"].pk, "planned_for": "2026-01-31"}
        return Good(asked, body=planned)

    def good_research_answer_create(self, user: User, random: Random) -> Good:
        asked = self.good_research_retrieve(user, random).pk
        return Good(asked, body={"insight": self.good_insights_retrieve(user, random).pk})

    def good_personas_create(self, _user: User, random: Random) -> Good:
        return Good(body={"name": f"Mara {random.randrange(99)}", "jobs": "One account."})

    def good_personas_retrieve(self, user: User, _random: Random) -> Good:
        said = {"name": "Ruth", "jobs": "Be left alone."}
        return Good(Persona.objects.create(**said, entered_by=user).pk)

    def good_kpis_create(self, _user: User, random: Random) -> Good:
        said = {"name": f"KPI {random.randrange(10**9)}", "definition": "So many.", "unit": "%"}
        how = {"better": "higher", "function": "cx", "source": "Ledger", "every": "year"}
        return Good(body=said | how)

    def good_kpis_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(Kpi.objects.values_list("pk", flat=True))))

    def good_kpi_values_create(self, user: User, random: Random) -> Good:
        kpi = self.good_kpis_retrieve(user, random).pk
        return Good(body={"kpi": kpi, "as_of": "2026-01-31", "value": str(random.randint(0, 99))})

    def good_insights_create(self, _user: User, random: Random) -> Good:
        said = {"finding": "It is so.", "source": "Survey", "gathered_on": "2026-01-31"}
        return Good(body={"kind": random.choice(Evidence.values), **said})

    def good_segment_figures_create(self, _user: User, random: Random) -> Good:
        numbers = {"customers": random.randint(1, 10**6), "margin": "10.00", "retention": "0.8"}
        day = {"as_of": "2026-01-31", "source": "Ledger"}
        return Good(body={"segment": "Families", **day, **numbers})

    def good_proposals_overlaps_list(self, user: User, random: Random) -> Good:
        return self.good_proposals_retrieve(user, random)

    def good_proposals_partial_update(self, _user: User, _random: Random) -> Good:
        return Good(self.draft.pk, self.draft.version, self.proposal_body("Changed"))

    def good_proposals_sign_create(self, _user: User, _random: Random) -> Good:
        return Good(self.draft.pk, body={"digest": self.digest(self.draft)})

    def good_proposals_submit_create(self, _user: User, _random: Random) -> Good:
        return Good(self.signed.pk, self.signed.version)

    def good_proposals_recall_create(self, _user: User, _random: Random) -> Good:
        self.fresh.refresh_from_db()
        return Good(self.fresh.pk, self.fresh.version)

    def good_proposals_copy_create(self, _user: User, _random: Random) -> Good:
        return Good(self.fresh.pk)

    def good_imports_create(self, _user: User, random: Random) -> Good:
        return Good(body=self.list_body(random))

    def good_imports_retrieve(self, _user: User, random: Random) -> Good:
        return Good(self.list_of(random))

    def good_imports_partial_update(self, _user: User, random: Random) -> Good:
        return Good(self.list_of(random), body={"left_out": [2]})

    def good_imports_bring_in(self, _user: User, random: Random) -> Good:
        return Good(self.list_of(random))

    def good_imports_undo_create(self, _user: User, random: Random) -> Good:
        pk = self.list_of(random)
        return Good(pk, before=lambda: self.post("admin", f"imports/{pk}/bring-in/"))

    def list_body(self, random: Random) -> dict[str, Any]:
        row = f"Idea {random.randrange(10**9)},marketing,cx\n"
        rows = f"title,marketing_owner,cx_owner\n{row}{row}"
        cycle = Cycle.objects.get(is_current=True)
        content = b64encode(rows.encode()).decode()
        return {"name": "list.csv", "content": content, "cycle": cycle.pk}

    def list_of(self, random: Random) -> int:
        made = self.post("admin", "imports/", self.list_body(random))
        return int(made["id"])
