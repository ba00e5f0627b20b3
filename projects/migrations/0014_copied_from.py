import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0013_benefit_evidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The proposal whose text this one began with, perhaps of an earlier cycle.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="projects.proposal",
            ),
        ),
    ]
