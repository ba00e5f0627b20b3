import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0026_second_leader"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="link",
            field=models.URLField(
                blank=True,
                help_text="The address of its issue in your tracker. The last one given stands.",
                max_length=500,
                validators=[django.core.validators.URLValidator(["https", "http"])],
                verbose_name="where the work is kept",
            ),
        ),
    ]
