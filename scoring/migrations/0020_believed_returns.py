import django.core.validators
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0019_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="frameworkversion",
            name="believes_evidence",
            field=models.BooleanField(
                default=False,
                help_text="Draw each stated return towards what its class brings, the more the weaker the evidence of its benefits. The ranking follows the believed return.",
                verbose_name="believe returns by their evidence",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="cost_uplift",
            field=models.DecimalField(
                decimal_places=3,
                default=Decimal("0"),
                help_text="Share that finished projects of this kind cost more than planned: the median of your own, or of a published class. 0.25 adds 25 % to every cost.",
                max_digits=4,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("5")),
                ],
                verbose_name="costs run over by",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="evidence_half_life",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                default=Decimal("2"),
                help_text="Years after which evidence supports half as much. Empty: it does not age.",
                max_digits=4,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0.1")),
                    django.core.validators.MaxValueValidator(Decimal("100")),
                ],
                verbose_name="half-life of evidence",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="prior_roi",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="ROI that a proposal of your company brings on average, as far as anybody knows before reading it. 0 earns back the cost, no more.",
                max_digits=5,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("-1")),
                    django.core.validators.MaxValueValidator(Decimal("100")),
                ],
                verbose_name="return without evidence",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="prior_spread",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0.80"),
                help_text="Standard deviation of that ROI among your proposals.",
                max_digits=5,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0.01")),
                    django.core.validators.MaxValueValidator(Decimal("100")),
                ],
                verbose_name="spread of returns",
            ),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="believed",
            field=models.FloatField(
                help_text="Share of the stated return that its evidence supports, 0 to 1.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="stated_roi",
            field=models.FloatField(help_text="Null where the run believes it all.", null=True),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="stated_roi_p10",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="stated_roi_p90",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="rankedproposal",
            name="roi",
            field=models.FloatField(help_text="Believed, where the framework says so.", null=True),
        ),
    ]
