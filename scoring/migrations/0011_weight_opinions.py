import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0010_ballots"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="frameworkversion",
            name="weights_asked_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when the members give their own weights.", null=True
            ),
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
    ]
