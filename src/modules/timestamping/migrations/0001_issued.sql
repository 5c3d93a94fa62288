-- What our own authority of time stamped. A row is there before the key is asked: a token without a row is not ours, a row without a token
-- is one that failed. Nothing about a person, and nothing of what was stamped: whoever has a token can find its row, nobody else anything.
create schema timestamping;
grant usage on schema timestamping to ventanilla_app;

create table timestamping.issued (
  -- 20 bytes, random; that no other token has it is held here
  serial bytea primary key,
  at timestamptz not null,
  certificate_sha256 bytea not null,
  -- of the TSTInfo, which is what is signed
  content_sha256 bytea not null
);
grant select, insert on timestamping.issued to ventanilla_app;

-- The latest time that was ever stamped, by any server: no later token says an earlier one.
create table timestamping.latest (
  one boolean primary key default true check (one),
  at timestamptz not null
);
grant select, insert, update on timestamping.latest to ventanilla_app;
