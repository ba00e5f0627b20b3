import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0022_coauthors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("png", "picture"),
                            ("jpg", "photo"),
                            ("xlsx", "spreadsheet"),
                            ("docx", "document"),
                            ("pptx", "slides"),
                            ("csv", "CSV"),
                            ("txt", "text"),
                        ],
                        max_length=4,
                    ),
                ),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("digest", models.CharField(help_text="SHA-256.", max_length=64)),
                ("content", models.BinaryField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "name"), name="one_file_of_a_name")
                ],
            },
        ),
    ]
