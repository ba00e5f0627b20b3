import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0010_import_batches"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="batch",
            options={"ordering": ["-pk"], "verbose_name": "list"},
        ),
        migrations.AddField(
            model_name="batch",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="dispatched_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="error",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="batch",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="found",
            field=models.JSONField(
                default=dict,
                help_text="What the worker found wrong: errors (row, column, message), how many rows.",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="lease_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="owner_token",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="batch",
            name="progress",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="stage",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="batch",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="done",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="work",
            field=models.CharField(
                blank=True,
                choices=[("check", "Checking"), ("import", "Importing")],
                help_text="Asked of a worker.",
                max_length=6,
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["status", "lease_until"], name="batch_due"),
        ),
    ]
