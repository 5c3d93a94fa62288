-- The mailbox belongs to its owner: every table has that account's id first in its key.
create schema post_office;
grant usage on schema post_office to ventanilla_app;

create table post_office.notice (
  owner_id uuid not null,
  id uuid not null,
  institution text not null,
  -- the office as the person reads it, and what the notice is about, as they stood when it was posted
  sender jsonb not null,
  subject jsonb not null,
  kind text not null,
  case_id uuid,
  folio text,
  rule_id text not null,
  rule_version text not null,
  act_document_id uuid not null,
  -- whether it is final, the appeal, before whom and until when (LFPA 39), as the act says
  particulars jsonb not null,
  posted_at timestamptz not null,
  status text not null check (status in ('deposited', 'served')),
  -- the dates if nobody opens it: the days counted, the limit, the effect
  lapse jsonb not null,
  lapse_at timestamptz,
  served_at timestamptz,
  served_by text check (served_by in ('consultation', 'opening', 'lapse', 'by-hand')),
  effect_at timestamptz,
  announced_at timestamptz,
  unreachable boolean not null default false,
  opened_at timestamptz,
  opened_by uuid,
  opening_document_id uuid,
  constancia_document_id uuid,
  primary key (owner_id, id)
);
create index notice_by_posting on post_office.notice (owner_id, posted_at desc);

-- What happened to a notice, named as in ETSI EN 319 522-1; each row is sealed by its entry in the public log.
create table post_office.event (
  owner_id uuid not null,
  notice_id uuid not null,
  seq integer not null,
  at timestamptz not null,
  event text not null,
  facts jsonb not null,
  log_entry uuid,
  primary key (owner_id, notice_id, seq)
);

-- Messages to confirmed addresses, and to one that is being confirmed. One row a message; what was sent is never sent again.
create table post_office.mail (
  owner_id uuid not null,
  id uuid not null,
  notice_id uuid,
  kind text not null,
  address text not null,
  subject text not null,
  body text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  failed_at timestamptz,
  failure text,
  attempts integer not null default 0,
  primary key (owner_id, id)
);
create index mail_by_creation on post_office.mail (created_at desc);

-- When the platform was down during business hours: the outage itself is evidence, and stops the clocks that the rule says.
create table post_office.outage (
  id uuid primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  cause text not null
);

grant select, insert, update on post_office.notice, post_office.mail to ventanilla_app;
grant select, insert on post_office.event, post_office.outage to ventanilla_app;
