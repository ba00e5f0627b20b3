import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0025_insight_of_persona"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agreed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="link",
            name="merged_at",
            field=models.DateTimeField(blank=True, help_text="Of a merge that is done.", null=True),
        ),
        migrations.AlterField(
            model_name="link",
            name="kind",
            field=models.CharField(
                choices=[
                    ("needs", "Needs"),
                    ("together", "Only together with"),
                    ("excludes", "Not together with"),
                    ("part", "Becomes part of"),
                ],
                max_length=8,
                verbose_name="how they belong together",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_at__isnull", True), ("kind", "part"), _connector="OR"),
                name="only_a_merge_is_merged",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="agreements",
                to="projects.link",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("link", "person"), name="one_agreement_per_person"
            ),
        ),
    ]
