import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0016_intake_registers"),
        ("scoring", "0022_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
    ]
