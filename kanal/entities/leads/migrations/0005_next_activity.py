import django.db.models.deletion
from django.db import migrations, models

from kanal.entities.activities import next_activity


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_next_activity"), ("leads", "0004_assigned")]
    operations = [
        migrations.AddField(
            model_name="lead",
            name="next_activity",
            field=models.ForeignKey(
                blank=True, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+", to="activities.activity", verbose_name="Next activity",
            ),
        ),
        migrations.RunSQL(next_activity.triggers_for("leads_lead", "lead_id"), migrations.RunSQL.noop),
        migrations.RunSQL(next_activity.fill_all("leads_lead", "lead_id"), migrations.RunSQL.noop),
    ]  # fmt: skip
