-- The words services are found by, each once: a word typed wrongly is put right by its letters here, where words are few and short,
-- instead of being compared with every service.
create table catalogue.word (word text primary key);
create index word_by_letters on catalogue.word using gin (word gin_trgm_ops);
insert into catalogue.word
  select distinct unnest(string_to_array(names, ' ')) from catalogue.service;
drop index catalogue.service_by_names;
grant select, insert on catalogue.word to ventanilla_app;
