from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_promises"),
    ]

    operations = [
        migrations.AlterField(
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
                help_text="The strongest evidence behind this benefit. Left open, it is an opinion; without an insight it counts as a plan at most.",
                max_length=12,
            ),
        ),
    ]
