-- What time-stamps are made with ends, too: an authority that stamps with another digest is another proof.
alter table preservation.authority add column hashes text[] not null default '{sha256}';
