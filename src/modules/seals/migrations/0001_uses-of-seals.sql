-- Every use of a seal, written down before its key is asked: a signature that nobody asked for has no row, a row without a signature is a
-- use that failed. No personal data: the kind of document and digests only. Rows are added and read, never changed.
create schema seals;
grant usage on schema seals to ventanilla_app;

create table seals.use (
  id uuid primary key,
  -- 'platform', or an institution's id
  seal text not null,
  certificate_sha256 bytea not null,
  kind text not null,
  -- of what is sealed: a PDF's byte range, else the whole content
  content_sha256 bytea not null,
  -- of the bytes that the key signs
  signed_sha256 bytea not null,
  at timestamptz not null
);
create index use_by_content on seals.use (content_sha256);

grant select, insert on seals.use to ventanilla_app;
