-- Every document that is kept says so here, in the same statement; whoever makes it last for years takes it from here.
create table documents.to_preserve (
  owner_id uuid not null,
  document_id uuid not null,
  primary key (owner_id, document_id)
);
insert into documents.to_preserve select owner_id, id from documents.document;
-- taking a row locks it, which is an update to PostgreSQL
grant select, insert, update, delete on documents.to_preserve to ventanilla_app;
