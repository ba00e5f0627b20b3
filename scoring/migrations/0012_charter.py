import django.core.validators
import django.db.models.deletion
import scoring.framework.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0012_past_teams"),
        ("scoring", "0011_weight_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="frameworkversion",
            name="published_version_has_date",
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="after_cycle",
            field=models.ForeignKey(
                blank=True,
                help_text="It comes into force when this cycle is no longer current; empty: at once.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.cycle",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="majority",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="Per cent of yes and no together; more than these have to say yes.",
                validators=[
                    django.core.validators.MinValueValidator(50),
                    django.core.validators.MaxValueValidator(99),
                ],
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="must_agree",
            field=models.JSONField(
                blank=True,
                default=scoring.framework.models.both_functions,
                help_text="Of each, somebody with a seat has to say yes.",
                verbose_name="functions that must agree",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="quorum",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="Per cent of the seats; more than these have to vote. 99 is everybody.",
                validators=[django.core.validators.MaxValueValidator(99)],
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="until",
            field=models.DateField(
                blank=True,
                help_text="The last day of the term. Leave empty for a seat without an end.",
                null=True,
                verbose_name="end of term",
            ),
        ),
        migrations.AlterField(
            model_name="frameworkversion",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("ratified", "Ratified, not in force yet"),
                    ("published", "Published"),
                    ("retired", "Retired"),
                ],
                default="draft",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="frameworkversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "ratified")),
                fields=("status",),
                name="one_ratified_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="frameworkversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_version_has_date",
            ),
        ),
    ]
