import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0023_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        help_text="Short and for good, for lists and programs.",
                        max_length=40,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("choice", "Choice"),
                            ("number", "Number"),
                            ("date", "Date"),
                        ],
                        max_length=6,
                    ),
                ),
                ("help_text", models.CharField(blank=True, max_length=200, verbose_name="help")),
                (
                    "choices",
                    models.TextField(
                        blank=True,
                        help_text="Of a choice: what there is to choose, one a line.",
                        max_length=2000,
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="The key of the type that it is asked of; empty: of every proposal.",
                        max_length=40,
                        verbose_name="type of proposal",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_closed", models.BooleanField(default=False, verbose_name="closed")),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.AlterField(
            model_name="comment",
            name="part",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "The whole proposal"),
                    ("problem", "Problem"),
                    ("customer_job", "Customer job"),
                    ("marketing_part", "Marketing part"),
                    ("cx_part", "CX part"),
                    ("effects", "For which customers"),
                    ("money", "Money"),
                    ("efforts", "Who does it"),
                    ("answers", "Further answers"),
                    ("success", "How success shows"),
                ],
                max_length=14,
                verbose_name="about",
            ),
        ),
        migrations.CreateModel(
            name="FieldValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("value", models.CharField(max_length=1000, verbose_name="answer")),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.customfield",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="projects.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "field"), name="one_answer_per_field"
                    )
                ],
            },
        ),
    ]
