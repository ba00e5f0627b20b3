"""A condition becomes a row with who sees to it by when; what was written before has nobody."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_what_was_written(apps: Any, _editor: Any) -> None:
    decisions = apps.get_model("scoring", "Decision").objects.exclude(conditions_text="")
    apps.get_model("scoring", "Condition").objects.bulk_create(
        apps.get_model("scoring", "Condition")(decision=decision, text=decision.conditions_text)
        for decision in decisions.order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0023_outcomes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision", name="conditional_decision_names_conditions"
        ),
        migrations.RenameField(
            model_name="decision", old_name="conditions", new_name="conditions_text"
        ),
        migrations.AddField(
            model_name="decision",
            name="letter",
            field=models.TextField(
                blank=True,
                default="",
                help_text="As both owners got it; empty of decisions before there were letters.",
            ),
            preserve_default=False,
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
                (
                    "text",
                    models.TextField(max_length=2000, verbose_name="what must be true first"),
                ),
                ("due", models.DateField(null=True, verbose_name="by")),
                (
                    "how",
                    models.CharField(blank=True, max_length=500, verbose_name="how it shows"),
                ),
                ("met_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="scoring.decision",
                    ),
                ),
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
            ],
            options={"ordering": ["decision", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="condition_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("met_at__isnull", True), ("met_by__isnull", True)),
                    models.Q(("met_at__isnull", False), ("met_by__isnull", False)),
                    _connector="OR",
                ),
                name="condition_met_by_somebody",
            ),
        ),
        migrations.RunPython(keep_what_was_written, migrations.RunPython.noop),
    ]
