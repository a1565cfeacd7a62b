-- The row as it travels: an encoded userservice.v1.User, written by the statement that wrote the row. Where it is absent, or of another version, the columns
-- are read instead.
alter table users add column encoded bytea, add column encoded_version smallint;

-- A statement that changes a row and leaves its encoding must not leave it standing.
create function forget_encoding() returns trigger language plpgsql as $$
begin
  new.encoded := null;
  return new;
end $$;
create trigger encoding_goes_with_its_row before update on users
  for each row when (new.encoded is not distinct from old.encoded and new.encoded is not null and new is distinct from old)
  execute function forget_encoding();
