-- Temporary objects are looked at first unless pg_temp is named, whatever stands before it: so it is named last.
DO $$
DECLARE
  made record;
BEGIN
  FOR made IN SELECT p.oid::regprocedure AS name, substr(setting, length('search_path=') + 1) AS present
    FROM pg_catalog.pg_proc p CROSS JOIN LATERAL unnest(p.proconfig) AS setting
    WHERE p.pronamespace IN ('public'::regnamespace, 'qg_private'::regnamespace)
      AND p.proowner = current_user::regrole AND setting LIKE 'search\_path=%' AND setting NOT LIKE '%pg\_temp'
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %s, pg_temp', made.name, made.present);
  END LOOP;
END
$$;
