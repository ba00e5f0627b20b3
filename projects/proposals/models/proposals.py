"""A proposal: one joint idea of Marketing and CX."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from projects.customers.models import Promise
from projects.cycles.models import Cycle
from projects.people.models import Function, User


class Proposal(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        GREENLIT = "greenlit", "Greenlit"
        CONDITIONAL = "conditional", "Greenlit with conditions"
        ON_HOLD = "on_hold", "On hold"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    # What belongs to its two teams alone: not yet handed in, or taken out by its owners.
    PRIVATE = (Status.DRAFT, Status.WITHDRAWN)
    # What the panel sees; a declined one is out of the backlog.
    IN_BACKLOG = (Status.SUBMITTED, Status.GREENLIT, Status.CONDITIONAL, Status.ON_HOLD)
    # What leaders have said so far; a hold is a no that may still change.
    SAID_YES = (Status.GREENLIT, Status.CONDITIONAL)
    SAID_NO = (Status.ON_HOLD, Status.DECLINED)
    UNDECIDED = (Status.SUBMITTED, Status.ON_HOLD)
    # What no leader has said anything to yet.
    NOT_DECIDED = (Status.DRAFT, Status.SUBMITTED)

    creation_key = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="Chosen by the client, so that a repeated request makes one proposal.",
    )
    reference = models.CharField(
        max_length=40, unique=True, help_text="Short id that people quote, such as P-12."
    )
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="proposals")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)

    title = models.CharField(max_length=120)
    category = models.CharField(
        max_length=40,
        blank=True,
        help_text="Type of proposal, where the framework weighs types differently.",
    )
    marketing_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="marketing_proposals"
    )
    cx_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cx_proposals",
        verbose_name="CX owner",
    )
    is_joint = models.BooleanField(
        default=True,
        editable=False,
        help_text="Whether one key was given to Marketing and the other to CX. People change "
        "teams, so it is kept.",
    )
    problem = models.TextField(
        blank=True, max_length=4000, help_text="What goes wrong for customers today, and how often?"
    )
    customer_job = models.TextField(
        blank=True, max_length=2000, help_text="What is the customer trying to get done?"
    )
    marketing_part = models.TextField(
        blank=True, max_length=4000, help_text="What will Marketing do or stop doing?"
    )
    cx_part = models.TextField(
        "CX part", blank=True, max_length=4000, help_text="What will CX do or stop doing?"
    )
    horizon_months = models.PositiveSmallIntegerField(
        default=36,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Over how many months costs and benefits are counted.",
    )

    promise = models.ForeignKey(
        Promise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        help_text="What the brand will say to customers, if this proposal makes or needs it.",
    )
    copied_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        help_text="The proposal whose text this one began with, perhaps of an earlier cycle.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_revision = models.ForeignKey(
        "projects.Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # The two functions whose owners must sign.
    KEYS = (Function.MARKETING, Function.CX)
    # What the signatures cover, and what a reader must find before a proposal can be submitted.
    TEXT_FIELDS = ("problem", "customer_job", "marketing_part", "cx_part")
    CONTENT_FIELDS = ("title", "category", *TEXT_FIELDS, "horizon_months")

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["cycle", "status"], name="proposal_cycle_status"),
            # Both lists of proposals show the newest of very many.
            models.Index(fields=["-updated_at", "-id"], name="proposal_last_changed"),
            models.Index(
                Coalesce("submitted_at", "created_at").desc(),
                F("id").desc(),
                name="proposal_last_submitted",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("draft", "withdrawn"))
                | Q(submitted_revision__isnull=False),
                name="submitted_proposal_has_revision",
            ),
            models.CheckConstraint(
                condition=~Q(marketing_owner=F("cx_owner")), name="two_different_owners"
            ),
            models.CheckConstraint(
                condition=Q(horizon_months__gte=1, horizon_months__lte=120),
                name="horizon_between_1_and_120_months",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def owners(self) -> tuple[User, User]:
        return (self.marketing_owner, self.cx_owner)

    @property
    def is_late(self) -> bool:
        """Whether it was handed in after the intake of its cycle had closed."""
        if self.is_draft or self.submitted_at is None:
            return False
        return self.submitted_at >= self.cycle.closes_at

    def is_owner(self, user_id: int | None) -> bool:
        return user_id is not None and user_id in (self.marketing_owner_id, self.cx_owner_id)

    def was_written_by(self, user_id: int) -> bool:
        """Who owns it, or has ever written it along."""
        return self.is_owner(user_id) or any(
            row.person_id == user_id and row.wrote_at for row in self.coauthors.all()
        )

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT
