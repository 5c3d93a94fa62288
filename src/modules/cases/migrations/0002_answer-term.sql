-- The person's term to answer, with its rule, the calendar's version and the days counted, like every other term.
alter table cases.prevention add column answer_term jsonb;
