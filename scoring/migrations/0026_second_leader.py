import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_comments"),
        ("scoring", "0025_conditions_are_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="seconded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The leader of another function who agreed, where the charter asks for two.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="second_above",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Expected cost. The second leader is of another function. Empty: one is enough.",
                max_digits=16,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="two leaders greenlight above",
            ),
        ),
        migrations.AlterField(
            model_name="frameworkversion",
            name="gates",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Until it is mended, or two leaders agree why it goes ahead all the same.",
                verbose_name="what stops a greenlight",
            ),
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
    ]
