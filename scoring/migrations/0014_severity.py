from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0013_assignments"),
    ]

    operations = [
        migrations.AddField(
            model_name="frameworkversion",
            name="corrects_severity",
            field=models.BooleanField(
                default=False,
                help_text="Read each criterion as an average panelist would have scored it, where panelists judged different proposals. Takes 30 scores on a criterion.",
                verbose_name="correct for mild and strict panelists",
            ),
        ),
    ]
