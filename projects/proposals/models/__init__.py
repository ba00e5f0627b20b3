from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.comments import Comment
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.drafts import DraftText
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.efforts import Effort
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import MOST_ATTESTED, Revision, Signature

__all__ = [
    "MOST_ATTESTED",
    "Attachment",
    "CoAuthor",
    "Comment",
    "Commitment",
    "CustomField",
    "CustomerEffect",
    "DraftText",
    "Effort",
    "FieldValue",
    "Link",
    "Measure",
    "MoneyLine",
    "Proposal",
    "Revision",
    "Signature",
]
