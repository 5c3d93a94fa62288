-- What was typed in a form whose session had ended by itself: shown again to whoever signs in to that account, never applied.
create table cases.held_answer (
  owner_id uuid not null,
  draft_id uuid not null,
  question text not null,
  -- the fields of the form, as they were posted
  posted jsonb not null,
  -- revision of the draft that the person had before them
  based_on integer not null,
  held_at timestamptz not null,
  primary key (owner_id, draft_id, question)
);
create index held_answer_by_age on cases.held_answer (held_at);

grant select, insert, update, delete on cases.held_answer to ventanilla_app;
