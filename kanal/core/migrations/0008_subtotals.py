"""Subtotals of records by status, maintained by triggers that are created after each migration."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_audit")]
    operations = [
        migrations.CreateModel(
            name="Subtotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity", models.CharField(max_length=40)),
                ("status", models.BigIntegerField()),
                ("project", models.BigIntegerField(null=True)),
                ("currency", models.CharField(default="", max_length=3)),
                ("number", models.BigIntegerField()),
                ("sums", models.JSONField(default=dict)),
            ],
            options={"indexes": [models.Index(fields=["entity", "status"], name="subtotal_by_status")]},
        ),
    ]
