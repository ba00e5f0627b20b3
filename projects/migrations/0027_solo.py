from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0026_merges"),
    ]

    operations = [
        migrations.AddField(
            model_name="cycle",
            name="allows_solo",
            field=models.BooleanField(
                default=False,
                help_text="Both keys may then be held in Marketing, or both in CX; each such proposal is marked as not joint, and counted.",
                verbose_name="takes proposals of one function",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="is_joint",
            field=models.BooleanField(
                default=True,
                editable=False,
                help_text="Whether one key was given to Marketing and the other to CX. People change teams, so it is kept.",
            ),
        ),
    ]
