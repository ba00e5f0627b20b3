"""The framework and its versions: the rules of the sum, the charter, and where a version stands.

A version is edited only while it is a draft. Publishing freezes it for good (the database refuses
later changes, see ``scoring/seals.py``); the next change is a new version.
"""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from projects.cycles.models import Cycle
from projects.people.models import Function
from projects.proposals.models.fields import CustomField

WIDEST_WEIGHTS = Decimal(13)  # beyond it the Dirichlet concentration falls below 10
PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
HALF, ALMOST_ALL = 50, 99  # per cent; "more than 99" is everybody


def both_functions() -> list[str]:
    return [Function.MARKETING.value, Function.CX.value]


def check_functions(field: str, names: object) -> None:
    """Raise ``ValidationError`` unless ``names`` are functions, each once."""
    known = names if isinstance(names, list) else [None]
    if any(name not in Function.values for name in known) or len(set(known)) < len(known):
        told = ", ".join(Function.values)
        raise ValidationError({field: f"Name functions, each once: {told}."})


def check_needed(needed: object) -> None:
    """Raise ``ValidationError`` unless ``needed`` names custom fields with answers they take."""
    told = []
    rows = needed if isinstance(needed, dict) else {"": None}
    fields = {field.key: field for field in CustomField.objects.all()}
    for key, passing in rows.items():
        if key not in fields:
            known = ", ".join(fields) or "none"
            told.append(f"There is no custom field “{key}”. There are: {known}.")
        elif not isinstance(passing, list) or len(set(map(str, passing))) < len(passing):
            told.append(f"{key}: give a list of answers, each once; an empty one lets any pass.")
        elif unknown := [text for text in passing if text not in fields[key].options]:
            known = ", ".join(fields[key].options) or "any text, so name none"
            told.append(f"{key}: “{unknown[0]}” is none of {known}.")
    if told:
        raise ValidationError({"needed_answers": told})


class Gate(models.TextChoices):
    """What may stop a greenlight, where the panel has ratified so."""

    PROMISE = "promise", "A promise that nobody agreed to deliver"
    KEEPABLE = "keepable", "New customers who never earn back what winning them costs"


class Framework(models.Model):
    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class FrameworkVersion(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        RATIFIED = "ratified", "Ratified, not in force yet"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counts edits of the draft.")
    summary = models.CharField(
        "what changed", max_length=300, blank=True, help_text="One sentence for everyone."
    )

    discount_rate = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.10"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text="Per year, set by Finance. 0.10 is 10 %.",
    )
    coverage_limit = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.8"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text="A proposal with less of its weight scored is listed as incomplete.",
    )
    single_rater_spread = models.DecimalField(
        "spread assumed for a lone score",
        max_digits=5,
        decimal_places=2,
        default=Decimal(15),
        validators=PERCENT,
        help_text="Standard deviation in points of 100, where too few scores exist to measure it.",
    )
    corrects_severity = models.BooleanField(
        "correct for mild and strict panelists",
        default=False,
        help_text="Read each criterion as an average panelist would have scored it, where "
        "panelists judged different proposals. Takes 30 scores on a criterion.",
    )
    believes_evidence = models.BooleanField(
        "believe returns by their evidence",
        default=False,
        help_text="Draw each stated return towards what its class brings, the more the weaker the "
        "evidence of its benefits. The ranking follows the believed return.",
    )
    prior_roi = models.DecimalField(
        "return without evidence",
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(-1)), MaxValueValidator(Decimal(100))],
        help_text="ROI that a proposal of your company brings on average, as far as anybody knows "
        "before reading it. 0 earns back the cost, no more.",
    )
    prior_spread = models.DecimalField(
        "spread of returns",
        max_digits=5,
        decimal_places=2,
        default=Decimal("0.80"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
        help_text="Standard deviation of that ROI among your proposals.",
    )
    evidence_half_life = models.DecimalField(
        "half-life of evidence",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        default=Decimal(2),
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(100))],
        help_text="Years after which evidence supports half as much. Empty: it does not age.",
    )
    cost_uplift = models.DecimalField(
        "costs run over by",
        max_digits=4,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(5))],
        help_text="Share that finished projects of this kind cost more than planned: the median of "
        "your own, or of a published class. 0.25 adds 25 % to every cost.",
    )
    weight_spread = models.DecimalField(
        "how firm the weights are",
        max_digits=3,
        decimal_places=1,
        default=Decimal(5),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(WIDEST_WEIGHTS)],
        help_text="Standard deviation in points of a weight of 25 %: with 5, a weight of 25 could "
        "as well be 20 or 30. 0 for weights that are policy.",
    )
    draws = models.PositiveIntegerField(
        default=10_000, validators=[MinValueValidator(1_000), MaxValueValidator(100_000)]
    )
    cost_unit = models.DecimalField(
        "rank by value per cost of",
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text="Leave empty to rank by value. Only for frameworks without an ROI criterion.",
    )

    # The charter: how the panel decides on the version after this one.
    quorum = models.PositiveSmallIntegerField(
        default=HALF,
        validators=[MaxValueValidator(ALMOST_ALL)],
        help_text="Per cent of the seats; more than these have to vote. 99 is everybody.",
    )
    majority = models.PositiveSmallIntegerField(
        default=HALF,
        validators=[MinValueValidator(HALF), MaxValueValidator(ALMOST_ALL)],
        help_text="Per cent of yes and no together; more than these have to say yes.",
    )
    must_agree = models.JSONField(
        "functions that must agree",
        default=both_functions,
        blank=True,
        help_text="Of each, somebody with a seat has to say yes.",
    )

    gates = models.JSONField(
        "what stops a greenlight",
        default=list,
        blank=True,
        help_text="Until it is mended, or two leaders agree why it goes ahead all the same.",
    )
    needed_answers = models.JSONField(
        "answers that a greenlight needs",
        default=dict,
        blank=True,
        help_text="Keys of custom fields, each with the answers that pass; none: any answer does.",
    )
    second_above = models.DecimalField(
        "two leaders greenlight above",
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Expected cost. The second leader is of another function. Empty: one is enough.",
    )

    weights_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the members give their own weights."
    )
    # The vote on the draft as it stands (its ``version``). While it is open, nobody edits.
    vote_closes = models.DateTimeField(null=True, blank=True)
    vote_opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    after_cycle = models.ForeignKey(
        Cycle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="It comes into force when this cycle is no longer current; empty: at once.",
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status="published"),
                name="one_published_version",
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status="ratified"),
                name="one_ratified_version",
            ),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(status="draft"),
                name="one_draft_per_framework",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="published_version_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} v{self.number}"

    def clean(self) -> None:
        check_functions("must_agree", self.must_agree)
        gates = self.gates if isinstance(self.gates, list) else [None]
        if any(key not in Gate.values for key in gates) or len(set(gates)) < len(gates):
            raise ValidationError({"gates": f"Name some, each once: {', '.join(Gate.values)}."})
        check_needed(self.needed_answers)

    @property
    def gate_names(self) -> list[str]:
        names = dict(CustomField.objects.values_list("key", "name"))
        needed = []
        for key, passing in self.needed_answers.items():
            with_one = f" with {' or '.join(passing)}" if passing else ""
            needed.append(f"“{names.get(key, key)}” not answered{with_one}")
        return [Gate(key).label for key in self.gates] + needed

    @property
    def who_must_agree(self) -> str:
        """Who has to say yes, as people read it."""
        return " and ".join(f"somebody of {Function(name).label}" for name in self.must_agree)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_ratified(self) -> bool:
        """The panel has said yes, and it waits for the end of a cycle."""
        return self.status == self.Status.RATIFIED

    @property
    def is_voted_on(self) -> bool:
        return self.is_draft and self.vote_closes is not None

    @property
    def is_weighed(self) -> bool:
        return self.is_draft and self.weights_asked_at is not None
