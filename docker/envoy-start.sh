#!/bin/bash
# Runs Envoy with the one configuration, which cannot read the environment: what it says of proxies before this one is put in its place.
set -eu

config=${1:?the configuration}
shift
hops=${ROSTER_TRUSTED_HOPS:-0}
[[ $hops =~ ^[0-9]$ ]] || { echo "ROSTER_TRUSTED_HOPS must be a whole number from 0 to 9, not “$hops”." >&2; exit 1; }
written=${TMPDIR:-/tmp}/envoy.yaml
sed "s/^\( *xff_num_trusted_hops:\) 0/\1 $hops/" "$config" >"$written"
exec envoy -c "$written" "$@"
