import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0016_insights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="The promise as customers hear it.", max_length=200, unique=True
                    ),
                ),
                (
                    "where",
                    models.CharField(
                        help_text="Campaign, page, contract: where customers meet it.",
                        max_length=200,
                        verbose_name="said where",
                    ),
                ),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "deliverer",
                    models.ForeignKey(
                        help_text="Who sees to it that it is kept. They are asked to agree.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["words"],
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="promise",
            field=models.ForeignKey(
                blank=True,
                help_text="What the brand will say to customers, if this proposal makes or needs it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="projects.promise",
            ),
        ),
    ]
