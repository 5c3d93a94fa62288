-- Everything a person owns has that person's id first in its key, so that the schema can be distributed by person.
-- The exceptions are the indexes that must be unique for all (folio, payment reference) and the institution's inbox.
create schema cases;
grant usage on schema cases to ventanilla_app;

-- A draft belongs to an account, or for seven days to a browser's cookie (owner_id is then derived from the cookie).
create table cases.draft (
  owner_id uuid not null,
  id uuid not null,
  anonymous boolean not null,
  service_id text not null,
  service_version text not null,
  language text not null,
  channel text not null,
  answers jsonb not null default '{}',
  -- page id -> revision at which it was last changed: two devices never overwrite each other silently
  changed jsonb not null default '{}',
  revision integer not null default 0,
  -- what the person objected to in the data the State already holds: field -> the person's words
  objections jsonb not null default '{}',
  linked_case uuid,
  status text not null default 'open' check (status in ('open', 'awaiting-payment', 'submitted', 'discarded')),
  case_id uuid,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (owner_id, id)
);
create index draft_by_expiry on cases.draft (expires_at) where status = 'open';

-- Every answer as it was given: who typed what on which page, over which channel. Nothing here is ever updated.
create table cases.draft_event (
  owner_id uuid not null,
  draft_id uuid not null,
  revision integer not null,
  at timestamptz not null,
  channel text not null,
  page text not null,
  answers jsonb not null,
  -- given over an answer that another device had changed meanwhile: kept, not applied, shown
  conflict boolean not null default false,
  primary key (owner_id, draft_id, revision)
);

create table cases.payment (
  owner_id uuid not null,
  id uuid not null,
  draft_id uuid not null,
  reference text not null,
  amount_cents integer not null check (amount_cents > 0),
  currency text not null,
  status text not null check (status in ('pending', 'paid', 'expired', 'refunded')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  bank_message text,
  primary key (owner_id, id)
);
create table cases.payment_reference (
  reference text primary key,
  owner_id uuid not null,
  payment_id uuid not null
);

create table cases.case (
  owner_id uuid not null,
  id uuid not null,
  folio text not null,
  service_id text not null,
  service_version text not null,
  institution text not null,
  status text not null,
  revision integer not null default 1,
  language text not null,
  channel text not null,
  -- who applies (name, rfc, curp), for whom, and who signed: as the certificate said on that day
  applicant jsonb not null,
  signed_by uuid not null,
  data jsonb not null,
  attachments jsonb not null,
  -- express consent to electronic notices, and the address for avisos, as signed in the application
  notices jsonb not null,
  submitted_at timestamptz not null,
  -- after hours counts as the next business day
  received_at timestamptz not null,
  -- the term with the rule, the calendar's version and the days counted; moved by a prevention
  term jsonb not null,
  due_at timestamptz not null,
  closed_at timestamptz,
  preparation_id uuid not null,
  application_id uuid not null,
  receipt_id uuid,
  log_entry uuid not null,
  linked_case uuid,
  primary key (owner_id, id)
);
create unique index case_by_preparation on cases.case (owner_id, preparation_id);

create table cases.folio (
  folio text primary key,
  owner_id uuid not null,
  case_id uuid not null
);

-- The institution's inbox: one row a case, by deadline.
create table cases.inbox (
  institution text not null,
  case_id uuid not null,
  owner_id uuid not null,
  folio text not null,
  service_id text not null,
  status text not null,
  open boolean not null,
  assigned_to uuid,
  assigned_name text,
  received_at timestamptz not null,
  due_at timestamptz not null,
  primary key (institution, case_id)
);
create index inbox_by_deadline on cases.inbox (institution, due_at) where open;

-- What happened, in order; the citizen sees every row.
create table cases.step (
  owner_id uuid not null,
  case_id uuid not null,
  seq integer not null,
  at timestamptz not null,
  act text not null,
  by_kind text not null check (by_kind in ('person', 'servant', 'clock', 'platform')),
  by_account uuid,
  by_name text,
  by_post text,
  status text not null,
  document_id uuid,
  log_entry uuid,
  facts jsonb not null default '{}',
  primary key (owner_id, case_id, seq)
);

-- Each time a public servant looked at the case, and what for.
create table cases.look (
  owner_id uuid not null,
  case_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  by_account uuid not null,
  by_name text not null,
  institution text not null,
  purpose text not null,
  primary key (owner_id, case_id, id)
);

-- A request for what is missing (prevencion): one that binds, in writing, within the first third of the term.
create table cases.prevention (
  owner_id uuid not null,
  case_id uuid not null,
  id uuid not null,
  binding boolean not null,
  asked text not null,
  posted_at timestamptz not null,
  document_id uuid not null,
  notice_id uuid,
  term_days integer not null,
  answer_due_at timestamptz,
  answered_at timestamptz,
  answer_document_id uuid,
  answer text,
  primary key (owner_id, case_id, id)
);
create unique index one_binding_prevention on cases.prevention (owner_id, case_id) where binding;

create table cases.consultation (
  owner_id uuid not null,
  case_id uuid not null,
  id uuid not null,
  asked_at timestamptz not null,
  asked_by uuid not null,
  asked_by_name text not null,
  asked_to uuid not null,
  asked_to_name text not null,
  question text not null,
  answered_at timestamptz,
  answer text,
  primary key (owner_id, case_id, id)
);

-- The decision as drafted; signing takes the newest revision, and only that one.
create table cases.decision_draft (
  owner_id uuid not null,
  case_id uuid not null,
  revision integer not null,
  at timestamptz not null,
  by_account uuid not null,
  by_name text not null,
  outcome text not null check (outcome in ('granted', 'granted-in-part', 'refused')),
  reasons text not null,
  legal_basis text not null,
  fields jsonb not null default '{}',
  ready boolean not null default false,
  primary key (owner_id, case_id, revision)
);

-- What the institution still has to do by hand: a personal notice where there was no consent to electronic ones.
create table cases.task (
  institution text not null,
  id uuid not null,
  owner_id uuid not null,
  case_id uuid not null,
  kind text not null,
  due_at timestamptz,
  done_at timestamptz,
  done_by uuid,
  facts jsonb not null default '{}',
  primary key (institution, id)
);

create table cases.relative (
  account_id uuid not null,
  curp text not null,
  declared_at timestamptz not null,
  primary key (account_id, curp)
);

-- Nothing with legal effect is ever deleted, and what happened is never rewritten.
grant select, insert, update, delete on cases.draft to ventanilla_app;
grant select, insert, delete on cases.draft_event to ventanilla_app;
grant select, insert, update on cases.payment, cases.case, cases.inbox, cases.prevention, cases.consultation, cases.task to ventanilla_app;
grant select, insert on cases.payment_reference, cases.folio, cases.step, cases.look, cases.decision_draft, cases.relative to ventanilla_app;
