ALTER FUNCTION qg_private.entered(text[]) SET search_path = pg_catalog;
ALTER FUNCTION qg_private.writable(text[]) SET search_path = pg_catalog;
ALTER FUNCTION qg_private.out_of_reach(text[], boolean) SET search_path = pg_catalog;
DROP TRIGGER past_written ON client_days;
DROP TRIGGER past_deleted ON client_days;
DROP TRIGGER begin_past ON clients;
DROP TABLE past_changes;
DROP FUNCTION qg_private.begin_past(), qg_private.change_past(), qg_private.complete_keys(), qg_hold_counts(), qg_clear_mail(int);
