import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0015_customers_known"),
    ]

    operations = [
        migrations.AddField(
            model_name="journeystage",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                help_text="Who answers for the whole stage, whichever team customers meet there.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="journeystage",
            name="pain",
            field=models.CharField(
                blank=True,
                help_text="What hurts customers most here, in their words.",
                max_length=300,
            ),
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
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="projects.proposal",
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
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.segment",
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
    ]
