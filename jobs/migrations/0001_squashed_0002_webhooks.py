"""What an installation begins with; one that went by the steps it replaces has it already."""

import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("jobs", "0001_initial"),
        ("jobs", "0002_webhooks"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("owner_token", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("mail", "E-mail"), ("webhook", "Webhook")], max_length=8
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "recipient",
                    models.CharField(help_text="The address it goes to.", max_length=254),
                ),
                ("subject", models.CharField(max_length=200)),
                (
                    "payload",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("secret", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["status", "lease_until"], name="message_due")],
            },
        ),
    ]
