"""Name business roles by the role, no longer by a person who may be hidden from the reader."""

from django.db import migrations

NAMED = """
UPDATE opportunities_businessrole kept
SET label = COALESCE((SELECT name FROM core_category WHERE core_category.id = kept.role_id), '')
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0002_lists_without_rows"), ("core", "0007_audit")]
    operations = [migrations.RunSQL(NAMED, migrations.RunSQL.noop)]
