import django.core.validators
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="frameworkversion",
            name="weight_spread",
            field=models.DecimalField(
                decimal_places=1,
                default=Decimal("5"),
                help_text="Standard deviation in points of a weight of 25 %: with 5, a weight of 25 could as well be 20 or 30. 0 for weights that are policy.",
                max_digits=3,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0")),
                    django.core.validators.MaxValueValidator(Decimal("13")),
                ],
                verbose_name="how firm the weights are",
            ),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="flags",
            field=models.JSONField(
                default=list, help_text="What to be careful about: (words, sentence)."
            ),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="p_top",
            field=models.FloatField(
                help_text="P(among the best k); k is a fact of the run.", null=True
            ),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="tied_from",
            field=models.PositiveIntegerField(
                help_text="First position of those that cannot be told apart; null: alone.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="rankedproposal",
            name="tied_to",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="rankingrun",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="queued",
                max_length=9,
            ),
        ),
    ]
