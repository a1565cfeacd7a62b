-- What people sign in with. A user without a row in any of these three is a record and no identity.
create table passwords (
  user_id uuid primary key references users on delete cascade,
  -- argon2id in the PHC string format.
  hash text not null,
  changed_at timestamptz(3) not null
);
create table passkeys (
  -- The credential id of WebAuthn, base64url.
  id text primary key,
  user_id uuid not null references users on delete cascade,
  name text not null,
  -- COSE key.
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  is_synced boolean not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3)
);
create index passkeys_by_user on passkeys (user_id);
create table federated_identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null references users on delete cascade,
  linked_at timestamptz(3) not null,
  primary key (issuer, subject)
);
create unique index federated_identities_by_user on federated_identities (user_id, issuer);

create function can_sign_in(who uuid) returns boolean language sql stable as $$
  select exists (select from passwords where user_id = who)
    or exists (select from passkeys where user_id = who)
    or exists (select from federated_identities where user_id = who)
$$;

-- Locked by whoever is about to take an admin away, before they count who is left.
create table admin_guard (k int primary key default 1 check (k = 1));
insert into admin_guard default values;

-- Secrets are kept as their SHA-256: they are random, so that is enough.
create table sessions (
  id uuid primary key,
  secret_hash bytea not null unique,
  user_id uuid not null references users on delete cascade,
  method smallint not null,
  created_at timestamptz(3) not null,
  -- The last proof of who it is; sensitive changes ask for a fresh one.
  authenticated_at timestamptz(3) not null,
  last_active_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  device text not null,
  address text not null,
  ended_at timestamptz(3)
);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

create table one_time_links (
  id uuid primary key,
  secret_hash bytea not null unique,
  purpose smallint not null,
  -- Absent for a set-up.
  user_id uuid references users on delete cascade,
  -- The SHA-256 of the person's folded email: a link dies with the address that it may have been sent to.
  email_hash bytea,
  created_by text not null,
  -- The role of whoever made it: the link of an editor dies when its person becomes an admin.
  created_by_role smallint not null check (created_by_role between 1 and 3),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  -- Used, or replaced by a later link.
  ended_at timestamptz(3)
);
create index one_time_links_by_user on one_time_links (user_id) where ended_at is null;

create table api_tokens (
  id text primary key,
  secret_hash bytea not null unique,
  name text not null,
  -- Absent where it was made on the host.
  owner_id uuid references users on delete cascade,
  role smallint not null check (role between 1 and 3),
  scopes text[] not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  last_used_address text,
  revoked_at timestamptz(3)
);
create index api_tokens_by_owner on api_tokens (owner_id);

-- What a browser must answer: WebAuthn and OpenID sign-ins under way.
create table challenges (
  id uuid primary key,
  kind text not null,
  -- Bound to the browser that began it, by the hash of a cookie, and where it is known to the person.
  browser_hash bytea,
  user_id uuid references users on delete cascade,
  data jsonb not null,
  expires_at timestamptz(3) not null
);

-- Wrong attempts, by account (the hash of the folded email) and by address: each doubles the wait for the next.
create table failed_attempts (
  subject bytea primary key,
  count int not null,
  wait_until timestamptz(3) not null,
  at timestamptz(3) not null
);

-- What ends open streams, in the order of the feed. A user's own suspension, deletion or change of role is a row of changes and needs none here.
create table revocations (
  revision bigint primary key,
  user_id uuid,
  session_id uuid,
  token_id text,
  -- Where all sessions of a user end but one.
  spared_session_id uuid,
  at timestamptz(3) not null
);

alter table changes add column token_id text, add column address text;
create index changes_by_actor on changes (actor_id, revision);
create index changes_by_time on changes (at);

-- What happened around sign-in, written in the transaction of what it tells.
create table access_events (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  kind text not null,
  actor_id text not null,
  actor text not null,
  session_id text,
  token_id text,
  address text not null,
  user_id uuid,
  device text not null default '',
  detail text not null default '',
  request_id text not null
);
create index access_events_by_user on access_events (user_id, id);
create trigger access_events_are_insert_only before update or delete on access_events
  for each row execute function refuse_change_of_history();

-- Calls of known callers that were refused, folded by minute.
create table refusals (
  minute timestamptz(3) not null,
  caller_id text not null,
  method text not null,
  reason text not null,
  caller text not null,
  session_id text,
  token_id text,
  address text not null,
  count int not null,
  request_id text not null,
  primary key (minute, caller_id, method, reason)
);
