from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0020_believed_returns"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="exception",
            field=models.TextField(
                blank=True,
                help_text="Of a greenlight that a gate of the framework would have stopped.",
                max_length=2000,
                verbose_name="why it goes ahead all the same",
            ),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="gates",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Until it is mended, or a leader says why it goes ahead all the same.",
                verbose_name="what stops a greenlight",
            ),
        ),
    ]
