#!/usr/bin/env bash
# Proves docker-compose.yml with real containers: builds, starts three servers, uses them through the proxy, stops,
# starts again and finds its data. Its last line is `N passed, N failed`. It leaves no container, network or volume.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

servers=3
project=roster-ci-$$
scratch=$(mktemp -d)
stand_ins=${ROSTER_STAND_INS:-../shared/stand-ins}
passed=0
failed=0

compose() { docker compose --project-name "$project" "$@"; }
say() { printf '%s\n' "$*"; }

finish() {
  compose down --volumes --remove-orphans --rmi local --timeout 20 >"$scratch/down.log" 2>&1
  rm -rf "$scratch"
  say "$passed passed, $failed failed"
  ((failed == 0 && passed > 0)) || exit 1
  exit 0
}
trap finish EXIT
trap 'failed=$((failed + 1)); exit 1' INT TERM

# Runs one check and counts it; what it prints is shown only when it fails.
check() { # sentence command...
  local sentence=$1 began=$SECONDS
  shift
  if "$@" >"$scratch/check.log" 2>&1; then
    passed=$((passed + 1))
    say "ok    $sentence ($((SECONDS - began)) s)"
  else
    failed=$((failed + 1))
    say "FAIL  $sentence"
    sed 's/^/      /' "$scratch/check.log" | tail -n 40
    # The first failure shows the containers as they are now: what comes later may replace them.
    if ((failed == 1)); then
      { compose ps --all && compose logs --no-color --tail 30; } 2>/dev/null
    fi
    return 1
  fi
}

# --- the engine and the base images -------------------------------------------------------------------

# Read from the files themselves: at first there may be no Docker to ask. The shell fills in what a setting replaces.
base_images() {
  local image
  sed -n 's/^ARG [A-Z]*_IMAGE=//p' Dockerfile
  sed -n 's/^ *image: //p' docker-compose.yml | while read -r image; do eval "printf '%s\n' \"$image\""; done
}

have_base_images() {
  local image
  docker compose version && docker info || return
  for image in $(base_images); do docker image inspect "$image" || return; done
}

get_base_images() {
  have_base_images >/dev/null 2>&1 && return
  if docker info >/dev/null && compose pull --ignore-buildable --quiet; then return; fi
  if [[ -x $stand_ins/build ]]; then
    # shellcheck disable=SC2046 # one argument an image
    "$stand_ins/build" $(base_images) && have_base_images && return
    say "$stand_ins/build did not succeed"
  else
    say "Docker with its compose plug-in (2.20 or newer) and a container registry are needed for this test."
    docker info >/dev/null 2>&1 || say "Missing: a running engine that this user may use (docker info)."
    docker compose version >/dev/null 2>&1 || say "Missing: the plug-in (docker compose version)."
    say "Without a registry: set ROSTER_STAND_INS to a folder whose 'build' makes the base images."
  fi
  return 1
}

# --- what the checks ask --------------------------------------------------------------------------------

up() { compose up --detach --wait --wait-timeout 240 --scale "server=$servers"; }

smoke() { node "$scratch/smoke.mjs" "$@" "http://localhost:$ROSTER_PORT" "127.0.0.1:$ROSTER_GRPC_PORT" "$scratch/users.json"; }

# What Envoy has sent to each server from one of its two clusters: `address count`, from its admin interface.
sent_by_server() { # cluster
  compose exec -T envoy bash -c \
    'exec 3<>/dev/tcp/127.0.0.1/9901; printf "GET /clusters HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n" >&3; timeout 2 cat <&3' |
    tr -d '\r' | sed -n "s/^$1::\([0-9.]*\):[0-9]*::rq_total::\([0-9]*\)$/\1 \2/p" | sort
}

# Runs a command; succeeds if each of the servers was sent at least so many of its requests.
spread() { # cluster least command...
  local cluster=$1 least=$2
  shift 2
  sent_by_server "$cluster" >"$scratch/before"
  "$@" || return
  sent_by_server "$cluster" >"$scratch/after"
  join "$scratch/before" "$scratch/after" | awk -v want="$servers" -v least="$least" '
    { print $1, $3 - $2; if ($3 - $2 >= least) busy++ } END { exit busy == want ? 0 : 1 }'
}

# What its own calls, and the browser's, are made with.
make_token() {
  ROSTER_TOKEN=$(compose exec -T --index 1 server node dist/host.js token create --role ADMIN --expires 1h) || return
  export ROSTER_TOKEN
  [[ $ROSTER_TOKEN == ua_* ]]
}

# Only the proxy has a port on the machine, and that on loopback.
only_the_proxy_is_published() {
  docker inspect --format '{{.Name}}{{range $port, $at := .NetworkSettings.Ports}}{{range $at}} {{.HostIp}}{{end}}{{end}}' \
    $(compose ps --all --quiet) | tee "$scratch/published"
  [[ $(grep -c ' ' "$scratch/published") == 1 ]] && grep -Eq "^/$project-envoy-1( 127\.0\.0\.1){2}$" "$scratch/published"
}

every_container_is_hardened() {
  local facts='{{.Name}} user={{.Config.User}} readonly={{.HostConfig.ReadonlyRootfs}} drop={{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}'
  docker inspect --format "$facts" $(compose ps --all --quiet) | tee "$scratch/hardened"
  ! grep -Evq 'user=(node|node:10001|999:999|101:101) readonly=true drop=\[ALL\] \[no-new-privileges:true\]$' "$scratch/hardened"
}

the_password_is_only_in_its_file() {
  local password
  password=$(compose exec -T postgres cat /run/roster/database-password)
  ((${#password} == 64)) || return
  printf '%s' "$password" | sha256sum >"$scratch/password-$1"
  ! { docker inspect $(compose ps --all --quiet); compose logs --no-color; } | grep -q "$password"
}

# A stolen password of another start would not open this database.
the_password_was_kept() { the_password_is_only_in_its_file again && cmp "$scratch/password-first" "$scratch/password-again"; }

# The end-to-end tests marked @smoke, as QA points them at any running stack.
browser_smoke() {
  local find="import { findChromium } from './stack/src/find-chromium.ts'; console.log(await findChromium(console.error))"
  ROSTER_CHROMIUM=$(node --input-type=module --eval "$find") || return
  (
    export ROSTER_CHROMIUM ROSTER_URL="http://localhost:$ROSTER_PORT" ROSTER_GRPC_ADDRESS="127.0.0.1:$ROSTER_GRPC_PORT"
    cd e2e && node_modules/.bin/playwright test --grep @smoke --reporter list
  )
}

# --- all of it ------------------------------------------------------------------------------------------

read -r ROSTER_PORT ROSTER_GRPC_PORT < <(node -e '
  const { createServer } = require("node:net");
  const open = () => new Promise((done) => { const s = createServer().listen(0, "127.0.0.1", () => done(s)); });
  Promise.all([open(), open()]).then((s) => { console.log(...s.map((x) => x.address().port)); s.forEach((x) => x.close()); });')
export ROSTER_PORT ROSTER_GRPC_PORT

check 'an engine and the base images are there' get_base_images || exit
check 'the images build' compose build --quiet || exit
check 'the scripts of this test build' esbuild e2e/compose/smoke.ts e2e/compose/feeds.ts --bundle --platform=node \
  --format=esm --banner:js='import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' \
  --log-level=warning --out-extension:.js=.mjs --outdir="$scratch" || exit
check "a first start makes its secrets and comes up healthy with $servers servers" up || exit
check 'a token is made on the host' make_token || exit
check 'only the proxy is published, on 127.0.0.1' only_the_proxy_is_published
check 'every container is non-root, read-only and without capabilities' every_container_is_hardened
check 'the database password is in no environment and no log' the_password_is_only_in_its_file first
check 'a browser client of the given contract creates, reads, updates and lists through the proxy' smoke write
check 'the native port answers health' node server/src/health-probe.ts "127.0.0.1:$ROSTER_GRPC_PORT"
check 'a gRPC client of the given contract reads the same users on the native port' smoke native
check "calls are spread over the $servers servers" spread backend 5 smoke calls
check "feeds are spread over the $servers servers, and each brings what one of them wrote" \
  spread feed 1 node "$scratch/feeds.mjs" "http://localhost:$ROSTER_PORT"
check 'the browser smoke passes in Chromium through it' browser_smoke
check 'it stops in order' compose down --timeout 20
check 'it starts again' up || exit
check 'the data is still there' smoke read
check 'the password was kept' the_password_was_kept
