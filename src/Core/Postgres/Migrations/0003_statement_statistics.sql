-- Statistics help to find slow queries; the shop works without them. A role may lack the right to create extensions,
-- a server the module.
do $$
begin
  create extension if not exists pg_stat_statements;
exception when others then
  raise notice 'pg_stat_statements is not available: %', sqlerrm;
end
$$;
