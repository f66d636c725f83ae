-- Two more roles a transaction may take: one that administers a tenant, one that sees all MSPs.
DO $$
DECLARE
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('quillgate roles'));
  FOREACH name IN ARRAY ARRAY['qg_admin', 'qg_platform']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
    END IF;
    IF NOT pg_has_role('qg_app', name, 'MEMBER') THEN
      IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT %I TO qg_app WITH INHERIT FALSE, SET TRUE', name);
      ELSE
        EXECUTE format('GRANT %I TO qg_app', name);
      END IF;
    END IF;
  END LOOP;
END
$$;
GRANT USAGE ON SCHEMA public TO qg_admin, qg_platform;
