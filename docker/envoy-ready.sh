#!/bin/bash
# Succeeds when Envoy knows a healthy member of each cluster named: its own /ready says yes with no server at all.
# Without curl, which the image does not have. Admin listens on the container's loopback only.
set -eu

exec 3<>/dev/tcp/127.0.0.1/9901
printf 'GET /stats?filter=membership_healthy HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n' >&3
stats=$(timeout 2 cat <&3)
for cluster; do
  grep -q "^cluster\.$cluster\.membership_healthy: [1-9]" <<<"$stats" || { echo "no healthy member in $cluster"; exit 1; }
done
