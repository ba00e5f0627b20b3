"""What the members of the panel say of a draft: ballots, comments, weights. Kept, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from scoring.framework.models.frameworks import Framework, FrameworkVersion


class Ballot(models.Model):
    """What one member of the panel says to one text of a draft. Kept, never changed."""

    class Choice(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        ABSTAIN = "abstain", "Abstain"

    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, related_name="ballots"
    )
    text = models.PositiveIntegerField(help_text="The draft's edit that was voted on.")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ballots"
    )
    function = models.CharField(max_length=12, blank=True, help_text="The member's, at the vote.")
    choice = models.CharField(max_length=7, choices=Choice)
    reason = models.CharField(max_length=500, blank=True)
    cast_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["cast_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework_version", "text", "member"], name="one_ballot_per_member"
            ),
            models.CheckConstraint(
                condition=~Q(choice="no") | ~Q(reason=""), name="no_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_choice_display()}"


class DraftComment(models.Model):
    """What somebody on the panel says to a draft, or to one thing that it changes. Kept.

    It is about the draft of a ``number``, and stays where that draft is begun anew.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    clause = models.CharField(
        max_length=200, blank=True, help_text="The change by its name; empty for the whole draft."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="draft_comments"
    )
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"


class WeightOpinion(models.Model):
    """How much each item of a group should count, by one member of the panel. Kept, never changed.

    It is about the draft of a ``number``, and stays where that draft is begun anew.
    """

    class Method(models.TextChoices):
        DIRECT = "direct", "Sliders"
        SWING = "swing", "Swing"
        RANK = "rank", "Rank order"
        PAIRWISE = "pairwise", "In pairs"
        BEST_WORST = "best_worst", "Most and least important"

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="weight_opinions"
    )
    function = models.CharField(max_length=12, blank=True, help_text="The member's, when given.")
    group = models.SlugField(
        max_length=40, blank=True, help_text="A dimension's key; empty for the dimensions."
    )
    items = models.TextField(help_text="The keys that were weighed, in order, with spaces between.")
    method = models.CharField(max_length=10, choices=Method)
    answers = models.JSONField(help_text="As they were given.")
    weights = models.JSONField(help_text="Shares in the order of the items, which sum to 1.")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number", "member", "group", "items"],
                name="one_opinion_per_member",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_method_display()}"
