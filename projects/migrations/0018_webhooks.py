import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_comments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("url", models.CharField(max_length=254, verbose_name="address")),
                (
                    "style",
                    models.CharField(
                        choices=[
                            ("events", "Events, signed (Standard Webhooks)"),
                            ("chat", "A sentence for a channel of Slack or Teams"),
                        ],
                        default="events",
                        max_length=6,
                        verbose_name="sends",
                    ),
                ),
                (
                    "types",
                    models.JSONField(blank=True, default=list, verbose_name="only these events"),
                ),
                ("seen", models.PositiveBigIntegerField(default=0)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="off since")),
                ("ended_because", models.CharField(blank=True, max_length=500)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="one_webhook_of_a_name")
                ],
            },
        ),
    ]
