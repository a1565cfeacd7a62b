#!/bin/sh
# Makes what must be secret at the first start and leaves it alone ever after.
# The folder is a named volume; its files are readable by the group that postgres and the servers share.
set -eu

folder=${1:?the folder of the secrets}
umask 027

make_secret() { # name
  [ -s "$folder/$1" ] && return
  # Written beside and renamed, so that a kill leaves no half secret.
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$folder/.$1"
  mv "$folder/.$1" "$folder/$1"
  echo "made $1"
}

make_secret database-password
