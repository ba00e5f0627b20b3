import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0024_custom_fields"),
    ]

    operations = [
        migrations.AddField(
            model_name="insight",
            name="persona",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose story it is, where one persona tells it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="insights",
                to="projects.persona",
            ),
        ),
    ]
