-- Whom the notice is for, as their certificate said when they applied: a constancia names its addressee.
alter table post_office.notice add column recipient text;
