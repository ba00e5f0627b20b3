import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0015_customers_known"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("needs", "Needs"),
                            ("together", "Only together with"),
                            ("excludes", "Not together with"),
                        ],
                        max_length=8,
                        verbose_name="how they belong together",
                    ),
                ),
                ("because", models.CharField(max_length=200, verbose_name="why")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="linked_from",
                        to="projects.proposal",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proposal", models.F("other")), _negated=True),
                        name="link_of_two",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("proposal", "other"),
                        django.db.models.functions.comparison.Greatest("proposal", "other"),
                        name="one_link_per_pair",
                    ),
                ],
            },
        ),
    ]
