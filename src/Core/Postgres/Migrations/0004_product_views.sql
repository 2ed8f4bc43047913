-- How far the views of each sender are counted: what comes again is known by it.
create table view_batches (
  sender text primary key,
  last_sequence bigint not null,
  counted_at timestamptz not null
);

-- No foreign keys here: rows of a product that is gone are never read, and checking every row that is written would cost more.

-- By hour, so that the hour can be known in which a product's readers usually come.
create table product_view_hours (
  hour timestamptz not null,
  product_id bigint not null,
  views bigint not null check (views > 0),
  primary key (hour, product_id)
);

-- Views that count half as much with every half-life that has passed. The sum is as of a moment of its own, so that
-- time alone changes no row.
create table product_popularity (
  product_id bigint primary key,
  recent_views double precision not null check (recent_views > 0),
  as_of timestamptz not null
);

-- Views change many rows a minute. With room on its page a new version needs no new entry in any index.
alter table products set (fillfactor = 85);

-- Orders come in by time: a few kilobytes find those of the last hours.
create index orders_created on orders using brin (created_at) with (pages_per_range = 16, autosummarize = on);
