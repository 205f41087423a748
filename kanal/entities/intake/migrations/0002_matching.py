"""Functions and indexes by which leads find their accounts (INTAKE-4)."""

from django.db import migrations

FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION kanal_domain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT regexp_replace(lower($1), '^(?:[a-z][a-z0-9+.-]*://)?(?:[^@/]*@)?(?:www\.)?([^/:?#]*).*$', '\1')
$$;
CREATE OR REPLACE FUNCTION kanal_compact(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT regexp_replace(upper($1), '[^A-Z0-9]', '', 'g')
$$;
CREATE INDEX IF NOT EXISTS intake_account_website ON accounts_account (kanal_domain(website)) WHERE website <> '';
CREATE INDEX IF NOT EXISTS intake_account_domain ON accounts_account (kanal_domain(email)) WHERE email <> '';
CREATE INDEX IF NOT EXISTS intake_account_number ON accounts_account (kanal_compact(registration_number))
  WHERE registration_number <> '';
CREATE INDEX IF NOT EXISTS intake_account_vat ON accounts_account (kanal_compact(vat_number)) WHERE vat_number <> '';
"""
BACK = """
DROP INDEX IF EXISTS intake_account_website, intake_account_domain, intake_account_number, intake_account_vat;
DROP FUNCTION IF EXISTS kanal_domain(text);
DROP FUNCTION IF EXISTS kanal_compact(text);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
