-- Written in the transaction of the change that it announces. Readers follow transaction_id, not id: ids are drawn
-- before commit, so a smaller one may become visible after a greater one has been read.
create table cache_invalidations (
  id bigint generated always as identity primary key,
  transaction_id xid8 not null default pg_current_xact_id(),
  key text not null,
  version bigint not null,
  created_at timestamptz not null default now()
);

create index cache_invalidations_transaction on cache_invalidations (transaction_id, id);

-- Serves the removal of rows that nobody needs any more.
create index cache_invalidations_created on cache_invalidations (created_at);
