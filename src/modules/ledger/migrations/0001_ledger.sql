create schema if not exists ledger;
grant usage on schema ledger to ventanilla_app;

-- Entries that an act has written and the sequencer has not placed yet. `place` gives the order of writing, nothing more: one that
-- commits late with a lower place is taken by the next round, because a round takes whatever it sees here.
create table ledger.pending (
  place bigint generated always as identity primary key,
  entry_id uuid not null,
  bytes bytea not null check (octet_length(bytes) between 2 and 1024)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The log: entry after entry, without a gap.
create table ledger.leaf (
  position bigint primary key check (position >= 0),
  entry_id uuid not null unique,
  bytes bytea not null check (octet_length(bytes) between 2 and 1024)
);

-- Full tiles only (C2SP tlog-tiles): a partial one is read from the leaves or from the roots of the level below. `root` is the hash of
-- the tile's whole subtree, that is its place in the level above.
create table ledger.tile (
  level smallint not null check (level between 0 and 7),
  position bigint not null check (position >= 0),
  hashes bytea not null check (octet_length(hashes) = 8192),
  root bytea not null check (octet_length(root) = 32),
  primary key (level, position)
);
alter table ledger.tile alter column hashes set storage external;

create table ledger.checkpoint (
  size bigint primary key check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null
);

-- What opens a commitment. The only rows of this schema with personal data, and the only ones that a law can order away: the log
-- stands without them. The serving role cannot do it.
create table ledger.opening (
  entry_id uuid primary key,
  salt bytea not null check (octet_length(salt) = 32),
  record text not null
);

grant select, insert on ledger.pending, ledger.leaf, ledger.tile, ledger.checkpoint, ledger.opening to ventanilla_app;

-- An entry leaves the queue by one door: by standing in the log, with the same bytes.
create function ledger.leave_queue(places bigint[]) returns bigint
language sql security definer set search_path = '' as $$
  with gone as (
    delete from ledger.pending as waiting using ledger.leaf as leaf
    where waiting.place = any (places) and leaf.entry_id = waiting.entry_id and leaf.bytes = waiting.bytes
    returning 1)
  select count(*) from gone
$$;
revoke all on function ledger.leave_queue(bigint[]) from public;
grant execute on function ledger.leave_queue(bigint[]) to ventanilla_app;
