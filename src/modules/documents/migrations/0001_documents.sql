-- Every official document, as bytes: a row appears in the transaction of the act that made it, or not at all.
create schema documents;
grant usage on schema documents to ventanilla_app;

create table documents.document (
  owner_id uuid not null,
  id uuid not null,
  kind text not null,
  case_id uuid,
  title text not null,
  sha256 bytea not null,
  bytes bytea not null,
  code text not null,
  created_at timestamptz not null,
  primary key (owner_id, id)
);
alter table documents.document alter column bytes set storage external;

-- Validation code -> document: unique for all, says nothing by itself.
create table documents.code (
  code text primary key,
  owner_id uuid not null,
  document_id uuid not null
);

-- A document with an empty signature field, waiting for the one who is to sign it. Used once; what is not signed is swept.
create table documents.preparation (
  owner_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  kind text not null,
  case_id uuid,
  title text not null,
  code text not null,
  signer_id uuid not null,
  pdf bytea not null,
  byte_range integer[] not null,
  signing_time timestamptz not null,
  -- what the act needs besides the document when the signature comes
  context jsonb not null,
  expires_at timestamptz not null,
  document_id uuid,
  primary key (owner_id, id)
);
alter table documents.preparation alter column pdf set storage external;
create index preparation_by_subject on documents.preparation (owner_id, subject_id, signing_time desc);
create index preparation_by_expiry on documents.preparation (expires_at);

create table documents.attachment (
  owner_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  field text not null,
  name text not null,
  type text not null,
  sha256 bytea not null,
  bytes bytea not null,
  size integer not null,
  created_at timestamptz not null,
  primary key (owner_id, id)
);
alter table documents.attachment alter column bytes set storage external;
create index attachment_by_subject on documents.attachment (owner_id, subject_id);

grant select, insert on documents.document, documents.code to ventanilla_app;
grant select, insert, update, delete on documents.preparation, documents.attachment to ventanilla_app;
