import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0021_efforts"),
        ("scoring", "0029_figures_for_reporting_tools"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="entered_by",
            field=models.ForeignKey(
                editable=False,
                help_text="Who brought it in from a list. Empty: the panelist gave it here.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by__isnull", True),
                    models.Q(("entered_by", models.F("panelist")), _negated=True),
                    _connector="OR",
                ),
                name="scorecard_entered_by_another",
            ),
        ),
    ]
