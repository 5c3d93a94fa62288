-- What makes the file of a case the same file as long as nothing happens: the proofs that are in it and the seal's signature over its
-- manifest. One row for each case and reader, replaced when the case moves on.
create schema case_files;
grant usage on schema case_files to ventanilla_app;

create table case_files.sealed (
  owner_id uuid not null,
  case_id uuid not null,
  -- for the person, or for the institution
  reader text not null check (reader in ('person', 'institution')),
  -- of the log, by entry
  proofs jsonb not null,
  -- SHA-256 of the manifest that was signed
  manifest bytea not null,
  signature bytea not null,
  -- of the seal
  certificate_sha256 bytea not null,
  -- whether the signature has a time-stamp
  stamped boolean not null,
  sealed_at timestamptz not null,
  primary key (owner_id, case_id, reader)
);

grant select, insert, update on case_files.sealed to ventanilla_app;
