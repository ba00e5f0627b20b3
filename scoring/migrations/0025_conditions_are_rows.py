from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0024_letters_and_conditions")]

    operations = [migrations.RemoveField(model_name="decision", name="conditions_text")]
