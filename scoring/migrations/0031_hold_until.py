from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0023_attachments"),
        ("scoring", "0030_entered_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="hold_until",
            field=models.DateField(
                blank=True,
                help_text="Of a hold: the day on which leaders look at it again.",
                null=True,
                verbose_name="until",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_until", None), ("outcome", "hold"), _connector="OR"),
                name="decision_until_is_of_a_hold",
            ),
        ),
    ]
