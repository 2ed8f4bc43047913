-- A role for the identity of each app. Run in the database "postgres": the service has this function only there.
-- The names and object ids of the identities are in the settings tbyte.<app>_role and tbyte.<app>_object_id.
do $$
declare
  app text;
  role text;
begin
  foreach app in array array['api', 'warmup', 'maintenance'] loop
    role := current_setting('tbyte.' || app || '_role');
    if not exists (select from pg_roles where rolname = role) then
      -- No administrator, and no second factor, which an app does not have.
      perform pgaadauth_create_principal_with_oid(role, current_setting('tbyte.' || app || '_object_id'), 'service', false, false);
    end if;
  end loop;
end
$$;
