"""The life of a proposal: draft, two signatures, submission, and what becomes of it."""

from projects.proposals.services.attachments import add_file, remove_file
from projects.proposals.services.attesting import submit_attested
from projects.proposals.services.authors import add_author, end_author
from projects.proposals.services.change import Change
from projects.proposals.services.comments import add_comment, remind_of_answers, reply, resolve
from projects.proposals.services.copying import copy_proposal
from projects.proposals.services.course import (
    recall_proposal,
    record_outcome,
    submit_proposal,
    take_up_again,
    withdraw_proposal,
)
from projects.proposals.services.drafts import (
    check_proposal,
    create_drafts,
    create_proposal,
    update_proposal,
)
from projects.proposals.services.figures import record_figures
from projects.proposals.services.keys import sign_proposal
from projects.proposals.services.links import agree, link_proposals, remove_link
from projects.proposals.services.merge import Both, Collision

__all__ = [
    "Both",
    "Change",
    "Collision",
    "add_author",
    "add_comment",
    "add_file",
    "agree",
    "check_proposal",
    "copy_proposal",
    "create_drafts",
    "create_proposal",
    "end_author",
    "link_proposals",
    "recall_proposal",
    "record_figures",
    "record_outcome",
    "remind_of_answers",
    "remove_file",
    "remove_link",
    "reply",
    "resolve",
    "sign_proposal",
    "submit_attested",
    "submit_proposal",
    "take_up_again",
    "update_proposal",
    "withdraw_proposal",
]
