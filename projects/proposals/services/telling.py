"""Who hears of a change to a proposal."""

from collections.abc import Sequence

from django.urls import reverse

from projects.notices.services import notify
from projects.people.models import User
from projects.proposals.models.proposals import Proposal


def tell(
    proposal: Proposal,
    recipients: Sequence[User],
    text: str,
    *,
    cause: str = "",
    letter: str = "",
) -> None:
    url = reverse("proposal", args=[proposal.pk])
    notify(recipients=recipients, text=text, url=url, cause=cause, letter=letter)


def tell_new_owners(actor: User, proposal: Proposal, before: tuple[User, User]) -> None:
    come = [owner for owner in proposal.owners if owner not in before]
    gone = [owner for owner in before if owner not in proposal.owners]
    tell(proposal, come, f"{actor} named you as an owner of “{proposal.title}”.")
    # They may no longer open it, so the line leads to the list.
    notify(
        recipients=gone,
        text=f"{actor} named somebody else in your place on “{proposal.title}”.",
        url=reverse("proposals"),
    )


def tell_owners(proposal: Proposal, text: str, *, but: User) -> None:
    tell(proposal, [owner for owner in proposal.owners if owner != but], text)
