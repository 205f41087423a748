import django.db.models.deletion
from django.db import migrations, models

from kanal.entities.activities import next_activity

TABLE = "opportunities_opportunity"


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_next_activity"), ("opportunities", "0007_currency_of_what_it_stands_on")]
    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="next_activity",
            field=models.ForeignKey(
                blank=True, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+", to="activities.activity", verbose_name="Next activity",
            ),
        ),
        migrations.RunSQL(next_activity.triggers_for(TABLE, "opportunity_id"), migrations.RunSQL.noop),
        migrations.RunSQL(next_activity.fill_all(TABLE, "opportunity_id"), migrations.RunSQL.noop),
    ]  # fmt: skip
