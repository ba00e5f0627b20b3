from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0031_hold_until"),
    ]

    operations = [
        migrations.AddField(
            model_name="frameworkversion",
            name="needed_answers",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Keys of custom fields, each with the answers that pass; none: any answer does.",
                verbose_name="answers that a greenlight needs",
            ),
        ),
    ]
