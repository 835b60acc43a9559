#!/usr/bin/env bash
# One CockroachDB node on loopback, without TLS, for trying things out. Its data lies in the folder given, by default ./.agoat/cockroach.
set -euo pipefail
store=${1:-.agoat/cockroach}
command -v cockroach >/dev/null || { echo "cockroach is not on the PATH. Install CockroachDB 25.4 or later." >&2; exit 1; }
mkdir -p "$store"
cockroach start-single-node --insecure --store "$store" --listen-addr 127.0.0.1:26257 --http-addr 127.0.0.1:8081 --background
echo "cockroachdb+psycopg://root@127.0.0.1:26257/defaultdb"
