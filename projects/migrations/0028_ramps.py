import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0027_solo"),
    ]

    operations = [
        migrations.AddField(
            model_name="moneyline",
            name="ends_month",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Counted from the decision; open: it goes on.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(120),
                ],
                verbose_name="ends after (months)",
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="ramp_months",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="From its start until it is in full.",
                validators=[django.core.validators.MaxValueValidator(120)],
                verbose_name="grows over (months)",
            ),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_month__isnull", True),
                    ("ends_month__gt", models.F("starts_month")),
                    _connector="OR",
                ),
                name="money_ends_after_it_starts",
                violation_error_message="It must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "one_off_cost"), _negated=True),
                    models.Q(("ends_month__isnull", True), ("ramp_months", 0)),
                    _connector="OR",
                ),
                name="money_now_neither_grows_nor_ends",
                violation_error_message="A one-off cost falls now: it neither grows nor ends.",
            ),
        ),
    ]
