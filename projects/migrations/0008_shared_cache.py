from django.core.management import call_command
from django.db import migrations


def make_table(_apps, schema_editor):
    """The table of the cache that all web processes share."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_mail_and_zone")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
