from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0018_webhooks"),
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
                ],
                default="read",
                max_length=8,
            ),
        ),
    ]
