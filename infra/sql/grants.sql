-- What each app may do in the shop's database, and nothing else. Run after migrations by whoever runs them, every time: tables may be new.
-- The names of the roles are in the settings tbyte.<app>_role.
do $$
declare
  api text := current_setting('tbyte.api_role');
  warmup text := current_setting('tbyte.warmup_role');
  maintenance text := current_setting('tbyte.maintenance_role');
begin
  execute format('revoke all on all tables in schema public from %I, %I, %I', api, warmup, maintenance);
  execute format('grant usage on schema public to %I, %I, %I', api, warmup, maintenance);
  execute format('grant select on all tables in schema public to %I, %I, %I', api, warmup, maintenance);

  -- Changes products, and tells of it; both replay what was told, and remove what is old.
  execute format('grant update (name, price, version, updated_at) on products to %I', api);
  execute format('grant insert on cache_invalidations to %I', api);
  execute format('grant delete on cache_invalidations to %I, %I', api, warmup);

  -- Counts views.
  execute format('grant update (view_count) on products to %I', warmup);
  execute format('grant insert, update, delete on view_batches, product_view_hours, product_popularity to %I', warmup);

  -- Sees everybody's statistics. It creates indexes only as a member of the role that owns the tables: docs/deploy.md.
  execute format('grant pg_monitor to %I', maintenance);

  begin
    create extension if not exists hypopg;
  exception when others then
    raise notice 'hypopg is not available, so proposed indexes are weighed by arithmetic: %', sqlerrm;
  end;
end
$$;
