#!/bin/sh
# Starts one node, or three, of CockroachDB on this machine: with certificates, encrypted on disk, on loopback alone.
#
# Usage: start.sh [--nodes 1|3] [--dir DIR] [--port N] [--http-port N] [--memory SIZE] [--dry-run]
#
#   --nodes N       1 if nothing is said. Three nodes on one machine show how a cluster behaves; they survive no lost machine
#   --dir DIR       where data, certificates and keys lie, .agoat/cluster if nothing is said
#   --port N        the first port for SQL, 26257; further nodes take the next ones
#   --http-port N   the first port for the DB Console, 8090; further nodes take the next ones
#   --memory SIZE   for the cache, and again for SQL, of each node: 256MiB
#   --dry-run       show what would be done and do nothing
#
# What is missing is made: certificates, a key for each store, the first start of the cluster. It may be run again; nodes that
# run are left alone. At the end it prints the administrator's address for `agoat init`. Example: start.sh --nodes 3
set -eu
# shellcheck source-path=SCRIPTDIR source=speaking.sh
. "$(dirname -- "$0")/speaking.sh"
here=$(dirname -- "$0")

set_folder .agoat/cluster
nodes=1 port=26257 http_port=8090 memory=256MiB
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) show_help; exit 0 ;;
        --dry-run) dry_run=yes ;;
        --nodes) value_of "$1" $#; nodes=$2; shift ;;
        --dir) value_of "$1" $#; set_folder "$2"; shift ;;
        --port) value_of "$1" $#; port=$2; shift ;;
        --http-port) value_of "$1" $#; http_port=$2; shift ;;
        --memory) value_of "$1" $#; memory=$2; shift ;;
        *) die 2 "$1 is no option. Say --help." ;;
    esac
    shift
done
case $nodes in 1 | 3) ;; *) die 2 "--nodes is 1 or 3, not $nodes." ;; esac
for number in "$port" "$http_port"; do
    case $number in '' | *[!0-9]*) die 2 "$number is no port." ;; esac
done
others=$([ "$nodes" -eq 1 ] && echo 3 || echo 1)
[ ! -e "$folder/nodes-$others" ] || die 1 "$folder was started with $others nodes. Say --nodes $others, or another --dir."
need_cockroach

umask 077
make_folder "$folder"
make_folder "$folder/keys"
run touch "$folder/nodes-$nodes"
child() { if [ "$dry_run" = yes ]; then "$here/$1" --dry-run --dir "$folder" "$2" "$3"; else "$here/$1" --dir "$folder" "$2" "$3"; fi; }
if [ ! -e "$authority" ]; then
    make_folder "$folder/authority"
    make_folder "$certs"
    run cockroach cert create-ca --certs-dir="$certs" --ca-key="$authority"
fi
[ -e "$certs/node.crt" ] || run cockroach cert create-node localhost 127.0.0.1 --certs-dir="$certs" --ca-key="$authority"
[ -e "$certs/client.root.crt" ] || child certificates.sh client root

# Each store has a key of its own, and from its first start on the flag that names it may never be left out.
start_node() {
    node=$1
    store=$folder/node$node key=$folder/keys/node$node.key pid=$folder/node$node.pid
    if [ -e "$pid" ] && is_node "$(cat "$pid")" "$store"; then
        say "Node $node runs already."
        return
    fi
    if [ ! -e "$key" ]; then
        [ ! -d "$store" ] || die 1 "$key is missing, and without it $store cannot be read. Put it back."
        run cockroach gen encryption-key -s 256 "$key"
    fi
    if [ "$nodes" -eq 1 ]; then
        set -- start-single-node
    else
        set -- start --join="127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))"
    fi
    run cockroach "$@" \
        --store="path=$store" --enterprise-encryption="path=$store,key=$key,old-key=plain" --certs-dir="$certs" \
        --listen-addr="127.0.0.1:$((port + node - 1))" --http-addr="127.0.0.1:$((http_port + node - 1))" \
        --cache="$memory" --max-sql-memory="$memory" --pid-file="$pid" --background
}

node=1
while [ "$node" -le "$nodes" ]; do
    start_node "$node"
    node=$((node + 1))
done
if [ "$nodes" -eq 3 ] && [ ! -e "$folder/initialised" ]; then
    run cockroach init --certs-dir="$certs" --host="127.0.0.1:$port"
    run touch "$folder/initialised"
fi

[ "$nodes" -eq 1 ] || say "A cluster of several nodes needs a licence key within 7 days: see $here/licence.md"
where=$(in_address "$certs")
say "cockroachdb+psycopg://root@127.0.0.1:$port/defaultdb?sslmode=verify-full&sslrootcert=$where/ca.crt&sslcert=$where/client.root.crt&sslkey=$where/client.root.key"
