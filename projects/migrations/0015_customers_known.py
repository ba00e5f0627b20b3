import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0014_copied_from"),
    ]

    operations = [
        migrations.CreateModel(
            name="Insight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        help_text="What was found, in a sentence: the figure or the quote itself.",
                        max_length=300,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opinion", "Opinion"),
                            ("plans", "Estimates and plans"),
                            ("anecdotal", "Anecdotes"),
                            ("market", "Market data"),
                            ("user", "User evidence"),
                            ("test", "A/B test"),
                            ("launch", "Launch data"),
                        ],
                        max_length=12,
                        verbose_name="how we know",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Who was asked or what was measured, such as “exit survey, May”.",
                        max_length=200,
                    ),
                ),
                (
                    "sample",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many people or cases it rests on.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "gathered_on",
                    models.DateField(
                        help_text="Evidence fades with the years.", verbose_name="gathered on"
                    ),
                ),
                (
                    "link",
                    models.URLField(
                        blank=True,
                        help_text="Where the whole of it is kept.",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(["https", "http"])],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-gathered_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="The promise as customers hear it.", max_length=200, unique=True
                    ),
                ),
                (
                    "where",
                    models.CharField(
                        help_text="Campaign, page, contract: where customers meet it.",
                        max_length=200,
                        verbose_name="said where",
                    ),
                ),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="SegmentFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        help_text="The day that the numbers describe.", verbose_name="of"
                    ),
                ),
                (
                    "customers",
                    models.PositiveIntegerField(help_text="How many customers the segment has."),
                ),
                (
                    "margin",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Contribution margin of one customer in a year, not revenue.",
                        max_digits=12,
                        verbose_name="margin a year",
                    ),
                ),
                (
                    "retention",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="Share of the customers of today still there a year later, such as 0.8.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="kept per year",
                    ),
                ),
                (
                    "acquisition_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="All that is spent on winning a customer.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="cost to win one",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "source",
                    models.CharField(
                        help_text="Where the numbers come from, such as “customer ledger, May”.",
                        max_length=200,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["segment__name", "-as_of", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="moneyline",
            name="money_retention_for_acquisition_only",
        ),
        migrations.RemoveConstraint(
            model_name="moneyline",
            name="money_evidence_for_benefits_only",
        ),
        migrations.AddField(
            model_name="moneyline",
            name="because",
            field=models.CharField(
                blank=True,
                help_text="Why this share, in a sentence. Needed where those reached stay otherwise than their segment does.",
                max_length=300,
                verbose_name="why",
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="each",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="More margin, or less cost, of one customer who changes, in a year.",
                max_digits=12,
                null=True,
                verbose_name="worth of each",
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="reached",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Different people reached in a year.",
                null=True,
                verbose_name="customers reached",
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="share_high",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("1")),
                ],
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="share_likely",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("1")),
                ],
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="share_low",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("1")),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="moneyline",
            name="evidence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("opinion", "Opinion"),
                    ("plans", "Estimates and plans"),
                    ("anecdotal", "Anecdotes"),
                    ("market", "Market data"),
                    ("user", "User evidence"),
                    ("test", "A/B test"),
                    ("launch", "Launch data"),
                ],
                help_text="The strongest evidence behind this benefit. Left open, it is an opinion; without an insight it counts as a plan at most.",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="moneyline",
            name="evidence_date",
            field=models.DateField(
                blank=True,
                help_text="When it was gathered. After two years the backlog says that it is old.",
                null=True,
                verbose_name="evidence from",
            ),
        ),
        migrations.AlterField(
            model_name="moneyline",
            name="high",
            field=models.DecimalField(
                decimal_places=2, error_messages={"null": "Give the amount."}, max_digits=14
            ),
        ),
        migrations.AlterField(
            model_name="moneyline",
            name="likely",
            field=models.DecimalField(
                decimal_places=2, error_messages={"null": "Give the amount."}, max_digits=14
            ),
        ),
        migrations.AlterField(
            model_name="moneyline",
            name="low",
            field=models.DecimalField(
                decimal_places=2, error_messages={"null": "Give the amount."}, max_digits=14
            ),
        ),
        migrations.AddField(
            model_name="insight",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="insight",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="projects.insight",
            ),
        ),
        migrations.AddField(
            model_name="insight",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="insights",
                to="projects.segment",
            ),
        ),
        migrations.AddField(
            model_name="insight",
            name="stage",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="insights",
                to="projects.journeystage",
                verbose_name="journey stage",
            ),
        ),
        migrations.AddField(
            model_name="customereffect",
            name="insight",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="projects.insight",
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="insight",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="projects.insight",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="deliverer",
            field=models.ForeignKey(
                help_text="Who sees to it that it is kept. They are asked to agree.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="promise",
            field=models.ForeignKey(
                blank=True,
                help_text="What the brand will say to customers, if this proposal makes or needs it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="projects.promise",
            ),
        ),
        migrations.AddField(
            model_name="segmentfigure",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="segmentfigure",
            name="segment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="projects.segment",
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="figure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="projects.segmentfigure",
            ),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "acquisition"), ("yearly_retention__isnull", False)),
                    models.Q(("figure__isnull", False), ("kind__in", ["retention", "enrichment"])),
                    models.Q(
                        models.Q(("kind", "acquisition"), _negated=True),
                        ("yearly_retention__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="money_retention_where_customers_come",
                violation_error_message="Only an acquisition line says how many customers stay.",
            ),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("because", ""),
                        ("each__isnull", True),
                        ("figure__isnull", True),
                        ("reached__isnull", True),
                        ("share_high__isnull", True),
                        ("share_likely__isnull", True),
                        ("share_low__isnull", True),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["one_off_cost", "running_cost"]), _negated=True),
                        ("figure__isnull", False),
                        ("reached__isnull", False),
                        ("share_high__lte", 1),
                        ("share_likely__lte", models.F("share_high")),
                        ("share_low__gte", 0),
                        ("share_low__lte", models.F("share_likely")),
                    ),
                    _connector="OR",
                ),
                name="money_stated_or_worked_out",
                violation_error_message="An amount is stated, or worked out from a segment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["one_off_cost", "running_cost"]), _negated=True),
                    models.Q(
                        ("evidence", ""), ("evidence_date__isnull", True), ("insight__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="money_evidence_for_benefits_only",
                violation_error_message="Only a benefit rests on evidence.",
            ),
        ),
        migrations.AddIndex(
            model_name="insight",
            index=models.Index(fields=["-gathered_on", "-id"], name="newest_insights"),
        ),
        migrations.AddConstraint(
            model_name="segmentfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("retention__gte", 0), ("retention__lte", 1)),
                name="figure_retention_is_a_share",
            ),
        ),
    ]
