"""An index of sales by time, which figures and rankings of a quarter read without the opportunities themselves."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0008_next_activity")]
    operations = [
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["sold_at"],
                name="opportunity_sold",
                include=["assignee", "currency", "value", "value_main"],
                condition=Q(sold_at__isnull=False),
            ),
        ),
    ]
