-- Who was erased: an id that names nobody any more and is never given again, and the place where the feed tells of it.
create table purged_users (
  id uuid primary key,
  revision bigint not null unique,
  -- The last position of the feed that was about the person; whatever still holds positions up to here must let go of them.
  erased_to bigint not null,
  purged_at timestamptz(3) not null
);

create index access_events_by_actor on access_events (actor_id, id);

-- A purge also rewrites: what a person did to others stays, without the name.
create or replace function refuse_change_of_history() returns trigger language plpgsql as $$
begin
  if current_setting('roster.purging', true) is distinct from 'on' then
    raise exception 'the history is insert-only' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;

-- Erases users whose rows the caller has locked, and whatever names them. Of what they did to others only their name goes.
create function purge_users(ids uuid[]) returns void language plpgsql as $$
declare
  text_ids text[] := ids::text[];
  revisions bigint[];
  head bigint;
  erased bigint;
begin
  perform set_config('roster.purging', 'on', true);

  -- An answer that is kept may hold the person as they were. None is made once they are deleted; a day is for clocks that differ.
  delete from request_answers where caller_id = any(text_ids);
  delete from request_answers a using users u
    where u.id = any(ids) and a.at < u.deleted_at + interval '1 day' and position(convert_to(u.id::text, 'UTF8') in a.response) > 0;
  delete from refusals where caller_id = any(text_ids);
  delete from access_events where user_id = any(ids) or (actor_id = any(text_ids) and user_id is null);
  update access_events set actor = 'Erased person', address = '', device = '', detail = '' where actor_id = any(text_ids);
  select coalesce(array_agg(revision), '{}') into revisions from changes where user_id = any(ids);
  delete from changes where user_id = any(ids);
  update changes set actor = 'Erased person', address = null where actor_id = any(text_ids);
  delete from users where id = any(ids);

  -- Before the lock, because this is a walk through the feed.
  select seq into head from feed_head;
  select max(seq) into erased from feed where seq > (select floor from feed_head) and seq <= head and revision = any(revisions);
  -- From here on the sequencer waits.
  perform from feed_head for update;
  -- What has no place in the feed gets one that is missing from it: whoever was never told of the deletion then notices.
  while exists (select from outbox where revision = any(revisions)) loop
    perform feed_advance(1000);
  end loop;
  erased := coalesce(greatest(erased, (select max(seq) from feed where seq > head and revision = any(revisions))), 0);
  update feed_head set floor = greatest(floor, erased);

  with purged as (
    insert into purged_users (id, revision, erased_to, purged_at)
    select id, nextval('revision'), erased, now() from unnest(ids) as t(id) returning revision
  )
  insert into outbox select revision from purged;
  perform set_config('roster.purging', 'off', true);
end $$;
