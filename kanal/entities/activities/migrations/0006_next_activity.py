from django.db import migrations

from kanal.entities.activities import next_activity


class Migration(migrations.Migration):
    dependencies = [("activities", "0005_index_of_whole_days")]
    operations = [migrations.RunSQL(next_activity.FUNCTION, migrations.RunSQL.noop)]
