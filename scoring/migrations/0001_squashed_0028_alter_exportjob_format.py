"""What an installation begins with; one that went by the steps it replaces has it already."""

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import scoring.framework.models.frameworks
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("scoring", "0001_initial"),
        ("scoring", "0002_honest_uncertainty"),
        ("scoring", "0003_saved_views"),
        ("scoring", "0004_scenarios"),
        ("scoring", "0005_export_jobs"),
        ("scoring", "0006_run_chunks"),
        ("scoring", "0007_scorecard_entries"),
        ("scoring", "0008_excel_csv"),
        ("scoring", "0009_seat_of_a_person"),
        ("scoring", "0010_ballots"),
        ("scoring", "0011_weight_opinions"),
        ("scoring", "0012_charter"),
        ("scoring", "0013_assignments"),
        ("scoring", "0014_severity"),
        ("scoring", "0015_declared_conflicts"),
        ("scoring", "0016_judged_by"),
        ("scoring", "0017_draft_comments"),
        ("scoring", "0018_meetings"),
        ("scoring", "0019_questions"),
        ("scoring", "0020_believed_returns"),
        ("scoring", "0021_gates"),
        ("scoring", "0022_plans"),
        ("scoring", "0023_outcomes"),
        ("scoring", "0024_letters_and_conditions"),
        ("scoring", "0025_conditions_are_rows"),
        ("scoring", "0026_second_leader"),
        ("scoring", "0027_where_work_is_kept"),
        ("scoring", "0028_alter_exportjob_format"),
    ]

    dependencies = [
        ("projects", "0001_squashed_0019_calendar_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dimension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Framework",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                (
                    "question",
                    models.CharField(
                        blank=True,
                        help_text="What the panel asks itself, in one sentence.",
                        max_length=300,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("panel", "Judged by the panel"),
                            ("expected_roi", "Computed: expected ROI"),
                            ("customer_impact", "Computed: customer impact"),
                            ("measure", "Measured fact"),
                        ],
                        default="panel",
                        max_length=16,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="Per cent of its dimension.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                    ),
                ),
                (
                    "knots",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="For computed and measured criteria: fixed points [[x, value], ...] from worst to best, straight lines between, value 0 to 100.",
                        verbose_name="value function",
                    ),
                ),
                (
                    "judged_by",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Panelists of these functions score it; none chosen: everybody does.",
                    ),
                ),
                ("scale_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="scoring.dimension",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "criteria",
                "ordering": ["dimension__position", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dimension", "key"), name="one_criterion_per_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 0), ("weight__lte", 100)),
                        name="criterion_weight_is_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "clause",
                    models.CharField(
                        blank=True,
                        help_text="The change by its name; empty for the whole draft.",
                        max_length=200,
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="scoring.framework",
                    ),
                ),
            ],
            options={
                "ordering": ["written_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="comment_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameworkVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("ratified", "Ratified, not in force yet"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="Counts edits of the draft."),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="One sentence for everyone.",
                        max_length=300,
                        verbose_name="what changed",
                    ),
                ),
                (
                    "discount_rate",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0.10"),
                        help_text="Per year, set by Finance. 0.10 is 10 %.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                (
                    "coverage_limit",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.8"),
                        help_text="A proposal with less of its weight scored is listed as incomplete.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                    ),
                ),
                (
                    "single_rater_spread",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("15"),
                        help_text="Standard deviation in points of 100, where too few scores exist to measure it.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="spread assumed for a lone score",
                    ),
                ),
                (
                    "corrects_severity",
                    models.BooleanField(
                        default=False,
                        help_text="Read each criterion as an average panelist would have scored it, where panelists judged different proposals. Takes 30 scores on a criterion.",
                        verbose_name="correct for mild and strict panelists",
                    ),
                ),
                (
                    "believes_evidence",
                    models.BooleanField(
                        default=False,
                        help_text="Draw each stated return towards what its class brings, the more the weaker the evidence of its benefits. The ranking follows the believed return.",
                        verbose_name="believe returns by their evidence",
                    ),
                ),
                (
                    "prior_roi",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="ROI that a proposal of your company brings on average, as far as anybody knows before reading it. 0 earns back the cost, no more.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("-1")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="return without evidence",
                    ),
                ),
                (
                    "prior_spread",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.80"),
                        help_text="Standard deviation of that ROI among your proposals.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="spread of returns",
                    ),
                ),
                (
                    "evidence_half_life",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        default=Decimal("2"),
                        help_text="Years after which evidence supports half as much. Empty: it does not age.",
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="half-life of evidence",
                    ),
                ),
                (
                    "cost_uplift",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0"),
                        help_text="Share that finished projects of this kind cost more than planned: the median of your own, or of a published class. 0.25 adds 25 % to every cost.",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("5")),
                        ],
                        verbose_name="costs run over by",
                    ),
                ),
                (
                    "weight_spread",
                    models.DecimalField(
                        decimal_places=1,
                        default=Decimal("5"),
                        help_text="Standard deviation in points of a weight of 25 %: with 5, a weight of 25 could as well be 20 or 30. 0 for weights that are policy.",
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("13")),
                        ],
                        verbose_name="how firm the weights are",
                    ),
                ),
                (
                    "draws",
                    models.PositiveIntegerField(
                        default=10000,
                        validators=[
                            django.core.validators.MinValueValidator(1000),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                    ),
                ),
                (
                    "cost_unit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Leave empty to rank by value. Only for frameworks without an ROI criterion.",
                        max_digits=16,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="rank by value per cost of",
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="Per cent of the seats; more than these have to vote. 99 is everybody.",
                        validators=[django.core.validators.MaxValueValidator(99)],
                    ),
                ),
                (
                    "majority",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="Per cent of yes and no together; more than these have to say yes.",
                        validators=[
                            django.core.validators.MinValueValidator(50),
                            django.core.validators.MaxValueValidator(99),
                        ],
                    ),
                ),
                (
                    "must_agree",
                    models.JSONField(
                        blank=True,
                        default=scoring.framework.models.frameworks.both_functions,
                        help_text="Of each, somebody with a seat has to say yes.",
                        verbose_name="functions that must agree",
                    ),
                ),
                (
                    "gates",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Until it is mended, or two leaders agree why it goes ahead all the same.",
                        verbose_name="what stops a greenlight",
                    ),
                ),
                (
                    "second_above",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Expected cost. The second leader is of another function. Empty: one is enough.",
                        max_digits=16,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="two leaders greenlight above",
                    ),
                ),
                (
                    "weights_asked_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since when the members give their own weights.",
                        null=True,
                    ),
                ),
                ("vote_closes", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "after_cycle",
                    models.ForeignKey(
                        blank=True,
                        help_text="It comes into force when this cycle is no longer current; empty: at once.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.cycle",
                    ),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="scoring.framework",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vote_opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework", "number"), name="one_version_per_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "published")),
                        fields=("status",),
                        name="one_published_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "ratified")),
                        fields=("status",),
                        name="one_ratified_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("framework",),
                        name="one_draft_per_framework",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_version_has_date",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="dimension",
            name="framework_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dimensions",
                to="scoring.frameworkversion",
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("greenlight", "Greenlight"),
                            ("conditional", "Greenlight with conditions"),
                            ("hold", "Hold"),
                            ("decline", "Decline"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(max_length=2000)),
                (
                    "override_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("legal", "Law or regulation requires it"),
                            ("strategy", "Strategic commitment outside the framework"),
                            ("dependency", "Another greenlit proposal depends on it"),
                            ("capacity", "The people needed are not free"),
                            ("risk", "Risk the framework does not see"),
                            ("new_facts", "New facts since the run"),
                        ],
                        max_length=12,
                        verbose_name="why not the ranking",
                    ),
                ),
                (
                    "exception",
                    models.TextField(
                        blank=True,
                        help_text="Of a greenlight that a gate of the framework would have stopped.",
                        max_length=2000,
                        verbose_name="why it goes ahead all the same",
                    ),
                ),
                ("rank", models.PositiveIntegerField(null=True)),
                ("line", models.CharField(max_length=10)),
                ("budget", models.DecimalField(decimal_places=2, max_digits=16)),
                (
                    "letter",
                    models.TextField(
                        blank=True,
                        help_text="As both owners got it; empty of decisions before there were letters.",
                    ),
                ),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "creation_key",
                    models.UUIDField(
                        help_text="Chosen by the client, so that a repeated request decides once.",
                        unique=True,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="projects.proposal",
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The leader of another function who agreed, where the charter asks for two.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "framework_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="scoring.frameworkversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="decision_has_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.PositiveIntegerField(help_text="The draft's edit that was voted on."),
                ),
                (
                    "function",
                    models.CharField(
                        blank=True, help_text="The member's, at the vote.", max_length=12
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("abstain", "Abstain")], max_length=7
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("cast_at", models.DateTimeField(auto_now_add=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "framework_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="scoring.frameworkversion",
                    ),
                ),
            ],
            options={
                "ordering": ["cast_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework_version", "text", "member"), name="one_ballot_per_member"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", "no"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="no_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                    ),
                ),
                ("label", models.CharField(max_length=40)),
                (
                    "wording",
                    models.CharField(
                        help_text="What is true of a proposal at this level. Someone can check it.",
                        max_length=300,
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="levels",
                        to="scoring.criterion",
                    ),
                ),
            ],
            options={
                "ordering": ["value"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("criterion", "value"), name="one_level_per_value"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0), ("value__lte", 100)),
                        name="level_value_within_scale",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.criterion",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="projects.cycle",
                    ),
                ),
                (
                    "led_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("cycle",),
                        name="one_meeting_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("criterion__isnull", True), ("revision__isnull", True)),
                            models.Q(("criterion__isnull", False), ("revision__isnull", False)),
                            _connector="OR",
                        ),
                        name="question_is_a_criterion_of_a_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankingRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("owner_token", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("button", "Asked for on the page"),
                            ("command", "Asked for on the command line"),
                            ("api", "Asked for through the API"),
                            ("nightly", "Nightly"),
                            ("change", "After changes"),
                        ],
                        max_length=8,
                    ),
                ),
                ("nightly_date", models.DateField(blank=True, null=True)),
                ("seed", models.PositiveBigIntegerField()),
                ("draws", models.PositiveIntegerField()),
                ("engine_version", models.CharField(blank=True, max_length=20)),
                ("input_digest", models.CharField(blank=True, max_length=64)),
                ("result_digest", models.CharField(blank=True, max_length=64)),
                (
                    "facts",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="projects.cycle",
                    ),
                ),
                (
                    "framework_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="scoring.frameworkversion",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["status", "lease_until"], name="run_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "queued")),
                        fields=("cycle",),
                        name="one_waiting_run_per_cycle",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("nightly_date__isnull", False)),
                        fields=("cycle", "nightly_date"),
                        name="one_nightly_run_per_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            models.Q(("result_digest", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="done_run_is_sealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankedProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(help_text="Place in the list, without ties."),
                ),
                (
                    "rank",
                    models.PositiveIntegerField(
                        help_text="Competition rank: 1, 2, 2, 4.", null=True
                    ),
                ),
                ("rank_low", models.PositiveIntegerField(help_text="P10 of the rank.", null=True)),
                ("rank_high", models.PositiveIntegerField(help_text="P90 of the rank.", null=True)),
                (
                    "p_top",
                    models.FloatField(
                        help_text="P(among the best k); k is a fact of the run.", null=True
                    ),
                ),
                ("p_funded", models.FloatField(null=True)),
                (
                    "tied_from",
                    models.PositiveIntegerField(
                        help_text="First position of those that cannot be told apart; null: alone.",
                        null=True,
                    ),
                ),
                ("tied_to", models.PositiveIntegerField(null=True)),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("inside", "Inside the budget"),
                            ("outside", "Outside the budget"),
                            ("incomplete", "Incomplete"),
                        ],
                        max_length=10,
                    ),
                ),
                ("score", models.FloatField(help_text="What the rank follows.", null=True)),
                ("value", models.FloatField(help_text="Additive value, 0 to 100.", null=True)),
                (
                    "coverage",
                    models.FloatField(help_text="Share of the weight that is scored, 0 to 1."),
                ),
                (
                    "roi",
                    models.FloatField(
                        help_text="Believed, where the framework says so.", null=True
                    ),
                ),
                ("roi_p10", models.FloatField(null=True)),
                ("roi_p50", models.FloatField(null=True)),
                ("roi_p90", models.FloatField(null=True)),
                ("p_loss", models.FloatField(null=True)),
                (
                    "believed",
                    models.FloatField(
                        help_text="Share of the stated return that its evidence supports, 0 to 1.",
                        null=True,
                    ),
                ),
                (
                    "stated_roi",
                    models.FloatField(help_text="Null where the run believes it all.", null=True),
                ),
                ("stated_roi_p10", models.FloatField(null=True)),
                ("stated_roi_p90", models.FloatField(null=True)),
                (
                    "benefit",
                    models.FloatField(
                        help_text="Expected present value of the benefits.", null=True
                    ),
                ),
                (
                    "cost",
                    models.FloatField(help_text="Expected present value of the costs.", null=True),
                ),
                (
                    "impact",
                    models.FloatField(help_text="Customer impact in impact points.", null=True),
                ),
                (
                    "roi_rank",
                    models.PositiveIntegerField(help_text="Rank by expected ROI alone.", null=True),
                ),
                (
                    "impact_rank",
                    models.PositiveIntegerField(help_text="Rank by impact alone.", null=True),
                ),
                (
                    "undominated",
                    models.BooleanField(
                        default=False,
                        help_text="No ranked proposal is better in ROI and in impact.",
                    ),
                ),
                (
                    "contributions",
                    models.JSONField(
                        help_text="Per criterion: weight, input, value, contribution."
                    ),
                ),
                ("missing", models.JSONField(default=list, help_text="What is missing, in words.")),
                (
                    "flags",
                    models.JSONField(
                        default=list, help_text="What to be careful about: (words, sentence)."
                    ),
                ),
                ("reference", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("marketing_team", models.CharField(max_length=80)),
                ("cx_team", models.CharField(max_length=80)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="projects.proposal",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="scoring.rankingrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "proposal"), name="one_result_per_proposal"
                    ),
                    models.UniqueConstraint(
                        fields=("run", "position"), name="one_result_per_position"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreparedDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("greenlight", "Greenlight"),
                            ("conditional", "Greenlight with conditions"),
                            ("hold", "Hold"),
                            ("decline", "Decline"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(max_length=2000)),
                (
                    "override_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("legal", "Law or regulation requires it"),
                            ("strategy", "Strategic commitment outside the framework"),
                            ("dependency", "Another greenlit proposal depends on it"),
                            ("capacity", "The people needed are not free"),
                            ("risk", "Risk the framework does not see"),
                            ("new_facts", "New facts since the run"),
                        ],
                        max_length=12,
                    ),
                ),
                ("exception", models.TextField(blank=True, max_length=2000)),
                ("conditions", models.JSONField(blank=True, default=list)),
                ("why", models.TextField(verbose_name="why it takes two")),
                ("prepared_at", models.DateTimeField(auto_now_add=True)),
                ("creation_key", models.UUIDField(unique=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        help_text="Empty where the second leader agreed.",
                        max_length=500,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prepared",
                        to="scoring.decision",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.proposal",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.rankingrun",
                    ),
                ),
            ],
            options={
                "ordering": ["prepared_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("proposal",),
                        name="one_prepared_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", None), ("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(
                                    ("decision", None), ("ended_because", ""), _connector="XOR"
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="prepared_decision_ends_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("owner_token", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("xlsx", "Spreadsheet"),
                            ("pdf", "Board paper"),
                            ("pptx", "Slides"),
                            ("excel-csv", "CSV for Excel"),
                            ("excel-csv-comma", "CSV for Excel, decimal comma"),
                            ("csv", "CSV for programs"),
                            ("json", "Data"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        blank=True, help_text="The filter, as an address.", max_length=500
                    ),
                ),
                (
                    "creation_key",
                    models.UUIDField(
                        help_text="Chosen by the client, so that a repeated request asks once.",
                        unique=True,
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=40)),
                ("size", models.PositiveBigIntegerField(blank=True, help_text="Bytes.", null=True)),
                ("rows", models.PositiveIntegerField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="scoring.rankingrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["status", "lease_until"], name="export_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            models.Q(
                                models.Q(("file_name", ""), _negated=True),
                                ("expires_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="done_export_has_a_file",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="scoring.rankingrun",
            ),
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "as_of",
                    models.DateField(help_text="The day that this describes.", verbose_name="day"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("under_way", "Under way"),
                            ("delayed", "Delayed"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "spent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="All of it since the greenlight. Leave it empty if nobody knows.",
                        max_digits=16,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="spent so far",
                    ),
                ),
                (
                    "brought",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Margin won and cost saved since the greenlight, as measured. Leave it empty if nobody has measured it: empty is not nothing.",
                        max_digits=16,
                        null=True,
                        verbose_name="brought so far",
                    ),
                ),
                (
                    "finish",
                    models.DateField(
                        blank=True,
                        help_text="The day it reached customers, or the day it is expected to.",
                        null=True,
                        verbose_name="finished on",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="What a reader should know, such as what is late.",
                        max_length=500,
                    ),
                ),
                (
                    "link",
                    models.URLField(
                        blank=True,
                        help_text="The address of its issue in your tracker. The last one given stands.",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(["https", "http"])],
                        verbose_name="where the work is kept",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="projects.proposal",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["proposal", "-as_of", "-pk"],
                "indexes": [
                    models.Index(fields=["proposal", "-as_of", "-id"], name="newest_reports")
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="1 is the first round on the question."
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("began_at", models.DateTimeField(auto_now_add=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("revealed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.criterion",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="scoring.meeting",
                    ),
                ),
                (
                    "proposed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.level",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "revision", "criterion", "number"),
                        name="one_round_per_number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revealed_at__isnull", True)),
                        fields=("meeting",),
                        name="one_open_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposed_level_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("owner_token", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("number", models.PositiveIntegerField()),
                ("payload", models.BinaryField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="scoring.rankingrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="one_chunk_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="RunSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payload", models.BinaryField()),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshot",
                        to="scoring.rankingrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="one_view_per_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Scenario",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=2000)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("adopted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What it funds and brings, and what its exceptions cost, as it was adopted.",
                    ),
                ),
                (
                    "adopted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenarios",
                        to="projects.cycle",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        help_text="On which it was kept.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.rankingrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "name"), name="one_scenario_per_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("abstention_reason", models.CharField(blank=True, max_length=300)),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="scoring.criterion",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.level",
                    ),
                ),
            ],
            options={
                "ordering": ["criterion"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level__isnull", False), ("abstention_reason", "")),
                            models.Q(
                                ("level__isnull", True),
                                models.Q(("abstention_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="level_or_abstention",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="scoring.score",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="question_asks_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answer_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="1 is the first judgement of this text, given blind."
                    ),
                ),
                ("change_reason", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Started"),
                            ("submitted", "Submitted"),
                            ("recused", "Recused"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("comment", models.TextField(blank=True, max_length=2000)),
                ("recusal_reason", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "framework_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorecards",
                        to="scoring.frameworkversion",
                    ),
                ),
                (
                    "panelist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorecards",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scorecards",
                        to="projects.proposal",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorecards",
                        to="projects.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("panelist", "revision", "entry"), name="one_scorecard_per_entry"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("panelist", "revision", "framework_version"),
                        name="one_started_scorecard",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "submitted"), _negated=True),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="submitted_scorecard_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "recused"), _negated=True),
                            models.Q(("recusal_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="recusal_has_reason",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="score",
            name="scorecard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scores",
                to="scoring.scorecard",
            ),
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_chair",
                    models.BooleanField(
                        default=False, help_text="May edit the framework.", verbose_name="chair"
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Switch off instead of deleting: past scores stay.",
                        verbose_name="active",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="The last day of the term. Leave empty for a seat without an end.",
                        null=True,
                        verbose_name="end of term",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        limit_choices_to={"is_service": False},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["user__username"],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cast_at", models.DateTimeField(auto_now=True)),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.level",
                    ),
                ),
                (
                    "panelist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="scoring.round",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "panelist"), name="one_vote_per_panelist"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeightOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "function",
                    models.CharField(
                        blank=True, help_text="The member's, when given.", max_length=12
                    ),
                ),
                (
                    "group",
                    models.SlugField(
                        blank=True,
                        help_text="A dimension's key; empty for the dimensions.",
                        max_length=40,
                    ),
                ),
                (
                    "items",
                    models.TextField(
                        help_text="The keys that were weighed, in order, with spaces between."
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("direct", "Sliders"),
                            ("swing", "Swing"),
                            ("rank", "Rank order"),
                            ("pairwise", "In pairs"),
                            ("best_worst", "Most and least important"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answers", models.JSONField(help_text="As they were given.")),
                (
                    "weights",
                    models.JSONField(help_text="Shares in the order of the items, which sum to 1."),
                ),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="scoring.framework",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weight_opinions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["given_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework", "number", "member", "group", "items"),
                        name="one_opinion_per_member",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeightProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        blank=True, help_text="Empty for the general profile.", max_length=40
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "framework_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profiles",
                        to="scoring.frameworkversion",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework_version", "key"), name="one_profile_per_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DimensionWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="Per cent of the whole.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                    ),
                ),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weights",
                        to="scoring.dimension",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weights",
                        to="scoring.weightprofile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "dimension"), name="one_weight_per_profile"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 0), ("weight__lte", 100)),
                        name="dimension_weight_is_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assigned_at", models.DateTimeField(auto_now_add=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "panelist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["proposal", "panelist"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "panelist"), name="one_assignment_per_panelist"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="what must be true first")),
                ("due", models.DateField(null=True, verbose_name="by")),
                ("how", models.CharField(blank=True, max_length=500, verbose_name="how it shows")),
                ("met_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "met_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Empty only where it was written before conditions had somebody.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who sees to it",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="scoring.decision",
                    ),
                ),
            ],
            options={
                "ordering": ["decision", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="condition_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("met_at__isnull", True), ("met_by__isnull", True)),
                            models.Q(("met_at__isnull", False), ("met_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="condition_met_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("declared_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declared_conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-declared_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", True), ("team__isnull", True), _connector="XOR"
                        ),
                        name="conflict_with_a_person_or_a_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="conflict_has_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "person"),
                        name="one_open_conflict_with_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "team"),
                        name="one_open_conflict_with_a_team",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="dimension",
            constraint=models.UniqueConstraint(
                fields=("framework_version", "key"), name="one_dimension_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                fields=("scorecard", "criterion"), name="one_score_per_criterion"
            ),
        ),
    ]
