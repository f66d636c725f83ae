-- Roles of the whole cluster. qg_app may log in and owns nothing; it takes a group role per transaction.
DO $$
DECLARE
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('quillgate roles'));
  FOREACH name IN ARRAY ARRAY['qg_owner', 'qg_tenant', 'qg_msp', 'qg_ingest', 'qg_sign_in', 'qg_relay', 'qg_recorder']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
    END IF;
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'qg_app') THEN
    CREATE ROLE qg_app LOGIN NOINHERIT;
  END IF;
  FOREACH name IN ARRAY ARRAY['qg_tenant', 'qg_msp', 'qg_ingest', 'qg_sign_in', 'qg_relay']
  LOOP
    IF NOT pg_has_role('qg_app', name, 'MEMBER') THEN
      IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT %I TO qg_app WITH INHERIT FALSE, SET TRUE', name);
      ELSE
        EXECUTE format('GRANT %I TO qg_app', name);
      END IF;
    END IF;
  END LOOP;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT qg_owner, qg_recorder TO %I', current_user);
  END IF;
END
$$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO qg_owner;
GRANT USAGE ON SCHEMA public TO qg_app, qg_tenant, qg_msp, qg_ingest, qg_sign_in, qg_relay, qg_recorder;
-- A temporary table would outlive its transaction and shadow a real one for the next tenant on the connection.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO qg_owner', current_database()); END $$;
