-- What falls due by the shop's own clock. A row is the promise; it becomes a job once its instant has come.
create table kernel.due (
  key text primary key,
  queue text not null,
  due_at timestamptz not null,
  data jsonb not null
);
create index due_by_instant on kernel.due (due_at);
grant select, insert, update, delete on kernel.due to ventanilla_app;

-- Few, small values that must survive a restart: the demo clock's offset, the outage heartbeat.
create table kernel.setting (
  name text primary key,
  value jsonb not null
);
grant select, insert, update on kernel.setting to ventanilla_app;
