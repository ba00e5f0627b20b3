from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_squashed_0019_calendar_tokens"),
    ]

    operations = [
        migrations.AlterField(
            model_name="token",
            name="scope",
            field=models.CharField(
                choices=[
                    ("read", "Read"),
                    ("write", "Read and write"),
                    ("calendar", "Give deadlines to a calendar, and nothing else"),
                    ("figures", "Give figures to a spreadsheet, and nothing else"),
                ],
                default="read",
                max_length=8,
            ),
        ),
    ]
