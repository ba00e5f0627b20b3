from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0027_where_work_is_kept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exportjob",
            name="format",
            field=models.CharField(
                choices=[
                    ("xlsx", "Spreadsheet"),
                    ("pdf", "Board paper"),
                    ("pptx", "Slides"),
                    ("excel-csv", "CSV for Excel"),
                    ("excel-csv-comma", "CSV for Excel, decimal comma"),
                    ("csv", "CSV for programs"),
                    ("json", "Data"),
                ],
                max_length=16,
            ),
        ),
    ]
