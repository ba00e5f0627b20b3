from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0012_past_teams"),
    ]

    operations = [
        migrations.AddField(
            model_name="moneyline",
            name="evidence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("opinion", "Opinion"),
                    ("plans", "Estimates and plans"),
                    ("anecdotal", "Anecdotes"),
                    ("market", "Market data"),
                    ("user", "User evidence"),
                    ("test", "A/B test"),
                    ("launch", "Launch data"),
                ],
                help_text="The strongest evidence behind this benefit. Left open, it counts as an opinion.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="moneyline",
            name="evidence_date",
            field=models.DateField(blank=True, null=True, verbose_name="evidence from"),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["one_off_cost", "running_cost"]), _negated=True),
                    models.Q(("evidence", ""), ("evidence_date__isnull", True)),
                    _connector="OR",
                ),
                name="money_evidence_for_benefits_only",
                violation_error_message="Only a benefit rests on evidence.",
            ),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("evidence__in", ["anecdotal", "market", "user", "test", "launch"]),
                        _negated=True,
                    ),
                    ("evidence_date__isnull", False),
                    _connector="OR",
                ),
                name="money_evidence_has_a_day",
                violation_error_message="Say when this evidence was gathered.",
            ),
        ),
    ]
