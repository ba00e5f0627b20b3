import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0015_segment_figures"),
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
        migrations.RemoveConstraint(
            model_name="moneyline",
            name="money_evidence_for_benefits_only",
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
    ]
