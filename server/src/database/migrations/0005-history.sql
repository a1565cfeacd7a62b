-- A change of `address.city` is one of `address` too.
create function paths_and_fields(paths text[]) returns text[] language sql immutable parallel safe as $$
  select paths || array(select split_part(path, '.', 1) from unnest(paths) as path where path like '%.%')
$$;
create index changes_by_path on changes using gin (paths_and_fields(paths)) where paths <> '{}';
create index changes_by_kind on changes (kind, revision);
create index changes_by_role_given on changes (role_after, revision) where role_before is distinct from role_after;
