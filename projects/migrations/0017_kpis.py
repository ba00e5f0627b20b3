import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0016_links"),
    ]

    operations = [
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
    ]
