-- What makes an official document last: proofs of its time and what is needed to judge it, appended to the document, which itself
-- never changes. Each addition is the next bytes of the file after the document and the additions before it.
create schema preservation;
grant usage on schema preservation to ventanilla_app;
create table preservation.addition (
  owner_id uuid not null,
  document_id uuid not null,
  seq integer not null,
  bytes bytea not null,
  -- of the whole file, up to the end of this addition
  sha256 bytea not null,
  size integer not null,
  -- whether everything that is needed to judge the signatures is in it, or only a proof of their time
  complete boolean not null,
  stamped_at timestamptz not null,
  -- the certificate of the authority that stamped the time
  authority bytea not null,
  primary key (owner_id, document_id, seq)
);
alter table preservation.addition alter column bytes set storage external;

-- One row a document: when it is looked after next.
create table preservation.schedule (
  owner_id uuid not null,
  document_id uuid not null,
  -- an instant at which the document was there
  taken_at timestamptz not null,
  due_at timestamptz not null,
  -- the first addition, or one that renews
  renewal boolean not null,
  -- the certificate of the authority that stamped the last time
  authority bytea,
  tries integer not null default 0,
  -- why it waits, and whose answer it waits for
  waits_for text,
  issuer bytea,
  primary key (owner_id, document_id)
);
create index schedule_by_due on preservation.schedule (renewal, due_at);
create index schedule_waiting on preservation.schedule (waits_for) where waits_for is not null;
create index schedule_by_authority on preservation.schedule (authority) where authority is not null;

-- Whoever stamped times, and until when what they stamped is proof by itself.
create table preservation.authority (
  sha256 bytea primary key,
  certificate bytea not null,
  -- the certificates above it, up to the anchor
  above bytea[] not null,
  ends_at timestamptz not null
);

grant select, insert on preservation.addition to ventanilla_app;
grant select, insert, update on preservation.schedule, preservation.authority to ventanilla_app;
