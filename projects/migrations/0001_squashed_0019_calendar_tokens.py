"""What an installation begins with; one that went by the steps it replaces has it already."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models


def make_table(_apps, schema_editor):
    """The table of the cache that all web processes share."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    replaces = [
        ("projects", "0001_initial"),
        ("projects", "0002_evidence_date"),
        ("projects", "0003_draft_texts"),
        ("projects", "0004_newest_proposals"),
        ("projects", "0005_tokens"),
        ("projects", "0006_invited_at"),
        ("projects", "0007_mail_and_zone"),
        ("projects", "0008_shared_cache"),
        ("projects", "0009_reader_and_cycle"),
        ("projects", "0010_import_batches"),
        ("projects", "0011_list_as_job"),
        ("projects", "0012_past_teams"),
        ("projects", "0013_benefit_evidence"),
        ("projects", "0014_copied_from"),
        ("projects", "0015_customers_known"),
        ("projects", "0016_intake_registers"),
        ("projects", "0017_comments"),
        ("projects", "0018_webhooks"),
        ("projects", "0019_calendar_tokens"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
                (
                    "digest",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("marketing", "Marketing"),
                            ("cx", "CX"),
                            ("it", "IT/Data"),
                            ("finance", "Finance"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "is_leader",
                    models.BooleanField(
                        default=False,
                        help_text="May record decisions on the backlog.",
                        verbose_name="leader",
                    ),
                ),
                (
                    "is_service",
                    models.BooleanField(
                        default=False,
                        help_text="A program, not a person: it reads with a token, and never signs in.",
                        verbose_name="service account",
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Since when an invitation waits to be accepted; empty once it is.",
                        null=True,
                    ),
                ),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("at_once", "At once, one mail each"),
                            ("daily", "Once a day, at eight in the morning"),
                            ("off", "Not at all"),
                        ],
                        default="at_once",
                        max_length=7,
                        verbose_name="notifications by mail",
                    ),
                ),
                ("time_zone", models.CharField(blank=True, max_length=40)),
                (
                    "formats",
                    models.CharField(
                        blank=True,
                        help_text="Empty: as the browser proposes.",
                        max_length=5,
                        verbose_name="numbers and dates",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="projects.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["username"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_service", False),
                            models.Q(("is_leader", False), ("is_superuser", False), ("team", None)),
                            _connector="OR",
                        ),
                        name="a_service_has_no_rights_of_a_person",
                        violation_error_message="A service account has no team and no rights of a person.",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("intake_opens", models.DateField()),
                ("intake_closes", models.DateField()),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="By whose clock intake opens and closes; empty: the house's.",
                        max_length=40,
                    ),
                ),
                (
                    "budget",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=16,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="EUR",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use the three-letter code, such as EUR."
                            )
                        ],
                    ),
                ),
                (
                    "is_current",
                    models.BooleanField(
                        default=False,
                        help_text="One cycle at a time is current.",
                        verbose_name="current",
                    ),
                ),
            ],
            options={
                "ordering": ["-intake_opens"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("is_current",),
                        name="one_current_cycle",
                        violation_error_message="Another cycle is current. Close that one first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("intake_closes__gte", models.F("intake_opens"))),
                        name="cycle_closes_after_it_opens",
                        violation_error_message="Intake must close on or after the day it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("budget__gte", 0)), name="cycle_budget_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JourneyStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveSmallIntegerField(unique=True)),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("1.00"),
                        help_text="How much one impact point counts at this stage. 1 is the rule.",
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                (
                    "pain",
                    models.CharField(
                        blank=True,
                        help_text="What hurts customers most here, in their words.",
                        max_length=300,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who answers for the whole stage, whichever team customers meet there.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 0)), name="stage_weight_not_negative"
                    )
                ],
            },
        ),
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
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="projects.insight",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="insights",
                        to="projects.journeystage",
                        verbose_name="journey stage",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="insights",
                        to="projects.segment",
                    ),
                ),
            ],
            options={
                "ordering": ["-gathered_on", "-pk"],
                "indexes": [models.Index(fields=["-gathered_on", "-id"], name="newest_insights")],
            },
        ),
        migrations.CreateModel(
            name="Kpi",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "definition",
                    models.CharField(
                        help_text="What is counted, so that two people count the same.",
                        max_length=300,
                    ),
                ),
                (
                    "unit",
                    models.CharField(help_text="Such as %, days, points, EUR.", max_length=20),
                ),
                (
                    "better",
                    models.CharField(
                        choices=[("higher", "Higher is better"), ("lower", "Lower is better")],
                        max_length=6,
                        verbose_name="which way",
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[("marketing", "Marketing"), ("cx", "CX")],
                        max_length=10,
                        verbose_name="who keeps it",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="The system or survey it is read from.", max_length=120
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("month", "Every month"),
                            ("quarter", "Every quarter"),
                            ("year", "Every year"),
                        ],
                        max_length=7,
                        verbose_name="measured",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kpis",
                        to="projects.journeystage",
                        verbose_name="journey stage",
                    ),
                ),
            ],
            options={
                "verbose_name": "KPI",
                "ordering": [models.OrderBy(models.F("stage__position"), nulls_first=True), "name"],
            },
        ),
        migrations.CreateModel(
            name="KpiValue",
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
                        help_text="The day that the number describes.", verbose_name="of"
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=14)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kpi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="projects.kpi",
                    ),
                ),
            ],
            options={
                "ordering": ["kpi", "-as_of", "-pk"],
                "indexes": [
                    models.Index(fields=["kpi", "-as_of", "-id"], name="newest_kpi_values")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("url", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        help_text="What must be told once; empty for what happens once.",
                        max_length=80,
                    ),
                ),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["recipient", "read_at"], name="notification_unread")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cause", ""), _negated=True),
                        fields=("recipient", "cause"),
                        name="one_notification_of_a_cause",
                    )
                ],
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
                (
                    "deliverer",
                    models.ForeignKey(
                        help_text="Who sees to it that it is kept. They are asked to agree.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "creation_key",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="Chosen by the client, so that a repeated request makes one proposal.",
                        unique=True,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        help_text="Short id that people quote, such as P-12.",
                        max_length=40,
                        unique=True,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("greenlit", "Greenlit"),
                            ("conditional", "Greenlit with conditions"),
                            ("on_hold", "On hold"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=120)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="Type of proposal, where the framework weighs types differently.",
                        max_length=40,
                    ),
                ),
                (
                    "problem",
                    models.TextField(
                        blank=True,
                        help_text="What goes wrong for customers today, and how often?",
                        max_length=4000,
                    ),
                ),
                (
                    "customer_job",
                    models.TextField(
                        blank=True,
                        help_text="What is the customer trying to get done?",
                        max_length=2000,
                    ),
                ),
                (
                    "marketing_part",
                    models.TextField(
                        blank=True,
                        help_text="What will Marketing do or stop doing?",
                        max_length=4000,
                    ),
                ),
                (
                    "cx_part",
                    models.TextField(
                        blank=True,
                        help_text="What will CX do or stop doing?",
                        max_length=4000,
                        verbose_name="CX part",
                    ),
                ),
                (
                    "horizon_months",
                    models.PositiveSmallIntegerField(
                        default=36,
                        help_text="Over how many months costs and benefits are counted.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        help_text="The proposal whose text this one began with, perhaps of an earlier cycle.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="copies",
                        to="projects.proposal",
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
                    "cx_owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cx_proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="CX owner",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="projects.cycle",
                    ),
                ),
                (
                    "marketing_owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marketing_proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        help_text="What the brand will say to customers, if this proposal makes or needs it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="projects.promise",
                    ),
                ),
            ],
            options={
                "ordering": ["-updated_at", "-id"],
                "indexes": [
                    models.Index(fields=["cycle", "status"], name="proposal_cycle_status"),
                    models.Index(fields=["-updated_at", "-id"], name="proposal_last_changed"),
                    models.Index(
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce(
                                "submitted_at", "created_at"
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="proposal_last_submitted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("marketing_owner", models.F("cx_owner")), _negated=True
                        ),
                        name="two_different_owners",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("horizon_months__gte", 1), ("horizon_months__lte", 120)
                        ),
                        name="horizon_between_1_and_120_months",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                (
                    "value",
                    models.FloatField(
                        help_text="As measured; any unit, the criterion knows its scale."
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "key"), name="one_value_per_measure"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("needs", "Needs"),
                            ("together", "Only together with"),
                            ("excludes", "Not together with"),
                        ],
                        max_length=8,
                        verbose_name="how they belong together",
                    ),
                ),
                ("because", models.CharField(max_length=200, verbose_name="why")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="linked_from",
                        to="projects.proposal",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proposal", models.F("other")), _negated=True),
                        name="link_of_two",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("proposal", "other"),
                        django.db.models.functions.comparison.Greatest("proposal", "other"),
                        name="one_link_per_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_texts",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "version"), name="one_text_per_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "baseline",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="stands at"),
                ),
                (
                    "target",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="shall be"),
                ),
                ("due", models.DateField(verbose_name="by")),
                (
                    "answers",
                    models.CharField(
                        choices=[("marketing", "Marketing"), ("cx", "CX"), ("both", "Both")],
                        max_length=9,
                        verbose_name="who answers for it",
                    ),
                ),
                (
                    "kpi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="projects.kpi",
                        verbose_name="KPI",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "kpi"), name="one_commitment_per_kpi"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "The whole proposal"),
                            ("problem", "Problem"),
                            ("customer_job", "Customer job"),
                            ("marketing_part", "Marketing part"),
                            ("cx_part", "CX part"),
                            ("effects", "For which customers"),
                            ("money", "Money"),
                            ("success", "How success shows"),
                        ],
                        max_length=14,
                        verbose_name="about",
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="comment")),
                ("due", models.DateField(blank=True, null=True, verbose_name="answer by")),
                ("in_draft", models.BooleanField(editable=False)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("resolved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
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
                    "thread",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="projects.comment",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who is to answer. They are told, and it stands among their tasks.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ask somebody",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["written_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=["to"],
                        name="asked_of",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="proposal_comment_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("resolved_by__isnull", False),
                                ("thread__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="thread_resolved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due__isnull", True), ("to__isnull", False), _connector="OR"
                        ),
                        name="answer_by_somebody",
                        violation_error_message="Say who is to answer by that day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "content",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "number"), name="one_revision_per_number"
                    ),
                    models.UniqueConstraint(
                        fields=("proposal", "digest"), name="one_revision_per_text"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="submitted_revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.revision",
            ),
        ),
        migrations.CreateModel(
            name="ResearchRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.CharField(help_text="What do you want to know?", max_length=300),
                ),
                ("why", models.CharField(max_length=300, verbose_name="what hangs on it")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "planned_for",
                    models.DateField(blank=True, null=True, verbose_name="from when on"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="projects.insight",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who asks them",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journeystage",
                        verbose_name="journey stage",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.segment",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned_for__isnull", True), ("run_by__isnull", True)),
                            models.Q(("planned_for__isnull", False), ("run_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="planned_research_has_who_and_when",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Persona",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="Such as “Mara, moves out of home”.", max_length=80),
                ),
                ("jobs", models.TextField(max_length=1000, verbose_name="jobs to be done")),
                ("needs", models.TextField(blank=True, max_length=1000)),
                ("expectations", models.TextField(blank=True, max_length=1000)),
                (
                    "pains",
                    models.TextField(blank=True, max_length=1000, verbose_name="pain points"),
                ),
                ("problems", models.TextField(blank=True, max_length=1000)),
                (
                    "buyer_facts",
                    models.TextField(
                        blank=True,
                        help_text="Age, income, channels, what is bought: what advertising aims at.",
                        max_length=1000,
                        verbose_name="as a buyer",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="projects.persona",
                    ),
                ),
                (
                    "segments",
                    models.ManyToManyField(
                        blank=True, related_name="personas", to="projects.segment"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CustomerEffect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence_date",
                    models.DateField(
                        blank=True,
                        help_text="When it was gathered. After two years the backlog says that it is old.",
                        null=True,
                        verbose_name="evidence from",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "reach",
                    models.PositiveIntegerField(
                        help_text="Different customers touched at this stage in a year.",
                        verbose_name="customers per year",
                    ),
                ),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="How far the experience moves on a scale of 0 to 100. A loss is negative.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("-100")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="change in points of 100",
                    ),
                ),
                (
                    "evidence",
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
                    ),
                ),
                (
                    "insight",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="projects.insight",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.journeystage",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="projects.proposal",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.segment",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "stage", "segment"),
                        name="one_effect_per_stage_and_segment",
                        violation_error_message="This stage and segment are already in the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", -100), ("points__lte", 100)),
                        name="effect_points_within_scale",
                    ),
                ],
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
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="projects.segment",
                    ),
                ),
            ],
            options={
                "ordering": ["segment__name", "-as_of", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("retention__gte", 0), ("retention__lte", 1)),
                        name="figure_retention_is_a_share",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "evidence_date",
                    models.DateField(
                        blank=True,
                        help_text="When it was gathered. After two years the backlog says that it is old.",
                        null=True,
                        verbose_name="evidence from",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("one_off_cost", "One-off cost"),
                            ("running_cost", "Running cost per year"),
                            ("acquisition", "Acquisition: margin from new customers per year"),
                            ("retention", "Retention: margin from customers kept per year"),
                            ("enrichment", "Enrichment: more margin per customer, per year"),
                            ("cost_to_serve", "Cost to serve saved per year"),
                        ],
                        max_length=16,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=120)),
                (
                    "low",
                    models.DecimalField(
                        decimal_places=2, error_messages={"null": "Give the amount."}, max_digits=14
                    ),
                ),
                (
                    "likely",
                    models.DecimalField(
                        decimal_places=2, error_messages={"null": "Give the amount."}, max_digits=14
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        decimal_places=2, error_messages={"null": "Give the amount."}, max_digits=14
                    ),
                ),
                (
                    "starts_month",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(119)],
                        verbose_name="starts after (months)",
                    ),
                ),
                (
                    "yearly_retention",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Share of newly won customers still there a year later, such as 0.8.",
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="kept per year",
                    ),
                ),
                (
                    "reached",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Different people reached in a year.",
                        null=True,
                        verbose_name="customers reached",
                    ),
                ),
                (
                    "share_low",
                    models.DecimalField(
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
                (
                    "share_likely",
                    models.DecimalField(
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
                (
                    "share_high",
                    models.DecimalField(
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
                (
                    "each",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="More margin, or less cost, of one customer who changes, in a year.",
                        max_digits=12,
                        null=True,
                        verbose_name="worth of each",
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        blank=True,
                        help_text="Why this share, in a sentence. Needed where those reached stay otherwise than their segment does.",
                        max_length=300,
                        verbose_name="why",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
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
                (
                    "insight",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="projects.insight",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="money",
                        to="projects.proposal",
                    ),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="projects.segmentfigure",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__lte", models.F("likely")), ("likely__lte", models.F("high"))
                        ),
                        name="money_low_likely_high_in_order",
                        violation_error_message="Low, likely and high must not decrease.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["one_off_cost", "running_cost"]), _negated=True),
                            ("low__gte", 0),
                            _connector="OR",
                        ),
                        name="money_cost_not_negative",
                        violation_error_message="A cost cannot be negative. Enter a saving as a benefit.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "acquisition"), ("yearly_retention__isnull", False)),
                            models.Q(
                                ("figure__isnull", False), ("kind__in", ["retention", "enrichment"])
                            ),
                            models.Q(
                                models.Q(("kind", "acquisition"), _negated=True),
                                ("yearly_retention__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="money_retention_where_customers_come",
                        violation_error_message="Only an acquisition line says how many customers stay.",
                    ),
                    models.CheckConstraint(
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
                                models.Q(
                                    ("kind__in", ["one_off_cost", "running_cost"]), _negated=True
                                ),
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["one_off_cost", "running_cost"]), _negated=True),
                            models.Q(
                                ("evidence", ""),
                                ("evidence_date__isnull", True),
                                ("insight__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="money_evidence_for_benefits_only",
                        violation_error_message="Only a benefit rests on evidence.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("evidence__in", ["anecdotal", "market", "user", "test", "launch"]),
                                _negated=True,
                            ),
                            ("evidence_date__isnull", False),
                            _connector="OR",
                        ),
                        name="money_evidence_has_a_day",
                        violation_error_message="Say when this evidence was gathered.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[("marketing", "Marketing"), ("cx", "CX")], max_length=12
                    ),
                ),
                ("signed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "attestation",
                    models.CharField(
                        blank=True,
                        help_text="Set when an administrator vouched at import for consent given elsewhere.",
                        max_length=200,
                    ),
                ),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="projects.revision",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["signed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at__isnull", True)),
                        fields=("revision", "function"),
                        name="one_live_signature_per_function",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PastTeam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("left_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_teams",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="past_members",
                        to="projects.team",
                    ),
                ),
            ],
            options={
                "ordering": ["left_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("write", "Read and write"),
                            ("calendar", "Give deadlines to a calendar, and nothing else"),
                        ],
                        default="read",
                        max_length=8,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("person", "name"),
                        name="one_live_token_of_a_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("url", models.CharField(max_length=254, verbose_name="address")),
                (
                    "style",
                    models.CharField(
                        choices=[
                            ("events", "Events, signed (Standard Webhooks)"),
                            ("chat", "A sentence for a channel of Slack or Teams"),
                        ],
                        default="events",
                        max_length=6,
                        verbose_name="sends",
                    ),
                ),
                (
                    "types",
                    models.JSONField(blank=True, default=list, verbose_name="only these events"),
                ),
                ("seen", models.PositiveBigIntegerField(default=0)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="off since")),
                ("ended_because", models.CharField(blank=True, max_length=500)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="one_webhook_of_a_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=60)),
                (
                    "subject",
                    models.CharField(help_text="Kind and id, such as proposal:12.", max_length=80),
                ),
                (
                    "data",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "ordering": ["number"],
                "indexes": [models.Index(fields=["subject"], name="audit_subject")],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="done",
                        max_length=9,
                    ),
                ),
                (
                    "work",
                    models.CharField(
                        blank=True,
                        choices=[("check", "Checking"), ("import", "Importing")],
                        help_text="Asked of a worker.",
                        max_length=6,
                    ),
                ),
                (
                    "found",
                    models.JSONField(
                        default=dict,
                        help_text="What the worker found wrong: errors (row, column, message), how many rows.",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Not imported yet"),
                            ("imported", "Imported"),
                            ("undone", "Undone"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                (
                    "reading",
                    models.JSONField(
                        default=dict, help_text="What somebody said of how it is read."
                    ),
                ),
                (
                    "columns",
                    models.JSONField(
                        default=list, help_text="The names of the columns, in their order."
                    ),
                ),
                (
                    "choices",
                    models.JSONField(
                        default=dict,
                        help_text="What was chosen: a target for each column, and what holds for all.",
                    ),
                ),
                (
                    "mended",
                    models.JSONField(
                        default=dict, help_text="Cells typed anew: row -> column -> text."
                    ),
                ),
                (
                    "left_out",
                    models.JSONField(
                        default=list, help_text="Numbers of the rows that stay outside."
                    ),
                ),
                (
                    "made",
                    models.JSONField(
                        default=list, help_text="Of each proposal made: its id and version."
                    ),
                ),
                ("imported_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
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
                        related_name="batches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="projects.cycle",
                    ),
                ),
            ],
            options={
                "verbose_name": "list",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["status", "lease_until"], name="batch_due")],
            },
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "withdrawn")),
                    ("submitted_revision__isnull", False),
                    _connector="OR",
                ),
                name="submitted_proposal_has_revision",
            ),
        ),
        migrations.RunPython(make_table, migrations.RunPython.noop),
    ]
