import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0020_alter_token_scope"),
    ]

    operations = [
        migrations.AlterField(
            model_name="comment",
            name="part",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "The whole proposal"),
                    ("problem", "Problem"),
                    ("customer_job", "Customer job"),
                    ("marketing_part", "Marketing part"),
                    ("cx_part", "CX part"),
                    ("effects", "For which customers"),
                    ("money", "Money"),
                    ("efforts", "Who does it"),
                    ("success", "How success shows"),
                ],
                max_length=14,
                verbose_name="about",
            ),
        ),
        migrations.CreateModel(
            name="Effort",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "quarter",
                    models.CharField(
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^20\\d\\d-Q[1-4]\\Z", "Write quarters as 2027-Q1."
                            )
                        ],
                    ),
                ),
                (
                    "low",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100000)]
                    ),
                ),
                (
                    "likely",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100000)]
                    ),
                ),
                (
                    "high",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100000)]
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="efforts",
                        to="projects.proposal",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.team",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "team", "quarter"),
                        name="one_effort_per_team_and_quarter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__lte", models.F("likely")), ("likely__lte", models.F("high"))
                        ),
                        name="effort_low_likely_high_in_order",
                    ),
                ],
            },
        ),
    ]
