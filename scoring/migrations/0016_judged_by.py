from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0015_declared_conflicts"),
    ]

    operations = [
        migrations.AddField(
            model_name="criterion",
            name="judged_by",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Panelists of these functions score it; none chosen: everybody does.",
            ),
        ),
    ]
