-- Published versions never change; the current one of each service is a row that points at it.
create schema catalogue;
grant usage on schema catalogue to ventanilla_app;
create extension if not exists pg_trgm;

create table catalogue.version (
  service_id text not null,
  version integer not null,
  digest bytea not null,
  ficha jsonb not null,
  published_at timestamptz not null,
  log_entry uuid,
  primary key (service_id, version)
);

create table catalogue.service (
  service_id text primary key,
  version integer not null,
  institution text not null,
  online boolean not null,
  withdrawn boolean not null default false,
  channels text[] not null,
  life_events text[] not null,
  topics text[] not null,
  applicants text[] not null,
  -- names and keywords in both languages, without accents, for what people type wrongly
  names text not null,
  -- the same by weight: names, keywords, summary
  words tsvector not null
);
create index service_by_words on catalogue.service using gin (words);
create index service_by_names on catalogue.service using gin (names gin_trgm_ops);
create index service_by_institution on catalogue.service (institution);

-- Grows with every change, so that other servers see it within a second.
create table catalogue.generation (
  single boolean primary key default true check (single),
  number bigint not null
);
insert into catalogue.generation values (true, 1);

create table catalogue.postal_code (
  code text not null,
  settlement text not null,
  kind text not null,
  municipality text not null,
  state text not null,
  primary key (code, settlement, kind, municipality)
);

grant select, insert on catalogue.version to ventanilla_app;
grant select, insert, update on catalogue.service, catalogue.generation to ventanilla_app;
grant select, insert, update, delete on catalogue.postal_code to ventanilla_app;
