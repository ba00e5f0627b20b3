"""What people say to each other about a proposal."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.proposals.models.proposals import Proposal


class Comment(models.Model):
    """A comment or question on a part of a proposal, or what was said to one. Kept.

    It belongs to the text as it is talked about, and is no part of what owners sign. What is said
    while the text is a draft stays with those who read its drafts.
    """

    class Part(models.TextChoices):
        WHOLE = "", "The whole proposal"
        PROBLEM = "problem", "Problem"
        CUSTOMER_JOB = "customer_job", "Customer job"
        MARKETING_PART = "marketing_part", "Marketing part"
        CX_PART = "cx_part", "CX part"
        EFFECTS = "effects", "For which customers"
        MONEY = "money", "Money"
        EFFORTS = "efforts", "Who does it"
        ANSWERS = "answers", "Further answers"
        SUCCESS = "success", "How success shows"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    thread = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="replies", editable=False
    )
    part = models.CharField("about", max_length=14, choices=Part, blank=True)
    text = models.CharField("comment", max_length=2000)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ask somebody",
        help_text="Who is to answer. They are told, and it stands among their tasks.",
    )
    due = models.DateField("answer by", null=True, blank=True)
    in_draft = models.BooleanField(editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="proposal_comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, thread__isnull=True),
                name="thread_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(to__isnull=False),
                name="answer_by_somebody",
                violation_error_message="Say who is to answer by that day.",
            ),
        ]
        indexes = [
            models.Index(fields=["to"], condition=Q(resolved_at__isnull=True), name="asked_of")
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"
