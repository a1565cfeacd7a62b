-- On whose rights a link stands: a user's, a token's, or both where it is a token of a user. Neither is there where it was made on the host.
alter table one_time_links add column maker_id uuid, add column maker_token_id text;
update one_time_links set maker_id = created_by::uuid where created_by ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
update one_time_links set maker_token_id = substr(created_by, 7) where created_by like 'token:%';
alter table one_time_links drop column created_by;
alter table one_time_links rename column created_by_role to maker_role;

-- The token that made this one, and takes it along when it is revoked. Of those made before this migration nobody knows any more.
alter table api_tokens add column parent_id text references api_tokens on delete cascade;
create index api_tokens_by_parent on api_tokens (parent_id) where parent_id is not null;

-- The provider that stood in the settings when the identity was linked, written as URLs are. The issuer is how it calls itself.
alter table federated_identities add column provider text;
update federated_identities set provider = regexp_replace(issuer, '^(https?://[^/]+)$', '\1/');
alter table federated_identities alter column provider set not null;

-- Nobody signs in at a provider that is not set up. A server says which one is, '' for none; whoever says nothing, as what runs on the host, takes any for set up.
create function is_set_up(provider text) returns boolean language sql stable as $$
  select coalesce(provider = current_setting('roster.oidc_provider', true), true)
$$;

create or replace function can_sign_in(who uuid) returns boolean language sql stable as $$
  select exists (select from passwords where user_id = who)
    or exists (select from passkeys where user_id = who)
    or exists (select from federated_identities where user_id = who and is_set_up(provider))
$$;
