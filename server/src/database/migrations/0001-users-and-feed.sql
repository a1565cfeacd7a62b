-- The store's identity. The key signs page and resume tokens; it is no credential.
create table store (
  k int primary key default 1 check (k = 1),
  epoch uuid not null default gen_random_uuid(),
  token_key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
  created_at timestamptz(3) not null default now()
);
insert into store default values;

create extension if not exists pg_trgm;

-- One counter for the whole store, drawn while a user's row is locked: it orders the changes of one user, not their commits.
create sequence revision;

create table users (
  id uuid primary key,
  name text not null,
  email text not null,
  role smallint not null check (role between 1 and 3),
  state smallint not null check (state between 1 and 2),
  address_street text not null default '',
  address_city text not null default '',
  address_state text not null default '',
  address_country text not null default '',
  address_postal_code text not null default '',
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  revision bigint not null,
  -- Leaf path to the revision of its last change; an absent leaf is as old as the user.
  field_revisions jsonb not null default '{}',
  -- Made by proto/src/fold.ts and nowhere else.
  name_key text collate "C" not null,
  email_key text collate "C" not null,
  email_unique text collate "C" not null,
  search_key text collate "C" not null
);
-- Index-only scans of pages and jumps need a fresh visibility map.
alter table users set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

create unique index users_email_unique on users (email_unique) where deleted_at is null;
create index users_by_created_at on users (created_at, id) where deleted_at is null;
create index users_by_updated_at on users (updated_at, id) where deleted_at is null;
create index users_by_name on users (name_key, id) where deleted_at is null;
create index users_by_email on users (email_key, id) where deleted_at is null;
create index users_by_role on users (role, id) where deleted_at is null;
create index users_by_state on users (state, id) where deleted_at is null;
create index users_by_deleted_at on users (deleted_at, id) where deleted_at is not null;
create index users_search on users using gin (search_key gin_trgm_ops);
create index users_by_tag on users using gin (tags);
create index users_by_metadata on users using gin (metadata jsonb_path_ops);

-- The history: one row for each change, written in the change's own transaction. before and after are encoded userservice.v1.User messages.
create table changes (
  revision bigint primary key,
  user_id uuid not null,
  kind text not null check (kind in ('created', 'updated', 'deleted', 'undeleted')),
  paths text[] not null,
  role_before smallint,
  role_after smallint,
  state_before smallint,
  state_after smallint,
  actor_id text not null,
  actor text not null,
  session_id text,
  request_id text,
  job_id uuid,
  at timestamptz(3) not null,
  before bytea,
  after bytea not null
);
create index changes_by_user on changes (user_id, revision);

create function refuse_change_of_history() returns trigger language plpgsql as $$
begin
  if current_setting('roster.purging', true) = 'on' then
    return old;
  end if;
  raise exception 'the history is insert-only' using errcode = 'restrict_violation';
end $$;
create trigger changes_are_insert_only before update or delete on changes
  for each row execute function refuse_change_of_history();

-- Committed changes that have no place in the feed yet.
create table outbox (revision bigint primary key);
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- The order in which changes became visible: gapless, which revisions are not.
create table feed (seq bigint primary key, revision bigint not null);
create table feed_head (
  k int primary key default 1 check (k = 1),
  seq bigint not null default 0,
  -- Everything at or below it is gone from the feed.
  floor bigint not null default 0
);
insert into feed_head default values;

-- Moves up to `batch` changes from the outbox to the end of the feed, and says how many.
-- Each statement sees what was committed after the head was locked: one statement for all would be older than its own lock.
create function feed_advance(batch int) returns int language plpgsql as $$
declare
  head bigint;
  moved int;
begin
  select seq into head from feed_head for update;
  with taken as (
    delete from outbox where revision in (select revision from outbox order by revision limit batch) returning revision
  ), placed as (
    insert into feed (seq, revision) select head + row_number() over (order by revision), revision from taken returning seq
  )
  select count(*) into moved from placed;
  if moved > 0 then
    update feed_head set seq = head + moved;
    perform pg_notify('roster_feed', (head + moved)::text);
  end if;
  return moved;
end $$;

-- The answers of calls that carried a request_id (AIP-155), so that a repeated call happens once.
create table request_answers (
  caller_id text not null,
  request_id uuid not null,
  fingerprint bytea not null,
  response bytea,
  at timestamptz(3) not null default now(),
  primary key (caller_id, request_id)
);
create index request_answers_by_age on request_answers (at);
