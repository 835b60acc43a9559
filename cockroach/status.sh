#!/bin/sh
# Says which nodes of a folder run, and what the cluster says of itself. The exit code is 0 when at least one runs.
#
# Usage: status.sh [--dir DIR] [--port N] [--dry-run]
#
#   --dir DIR   the folder of the cluster, .agoat/cluster if nothing is said
#   --port N    the SQL port of the node that is asked, 26257
#   --dry-run   show what would be done and do nothing
#
# Example: status.sh --port 26258
set -eu
# shellcheck source-path=SCRIPTDIR source=speaking.sh
. "$(dirname -- "$0")/speaking.sh"

set_folder .agoat/cluster
port=26257
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) show_help; exit 0 ;;
        --dry-run) dry_run=yes ;;
        --dir) value_of "$1" $#; set_folder "$2"; shift ;;
        --port) value_of "$1" $#; port=$2; shift ;;
        *) die 2 "$1 is no option. Say --help." ;;
    esac
    shift
done
running=0
for file in "$folder"/node*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    if is_node "$pid" "${file%.pid}"; then
        say "$(basename "${file%.pid}") runs as process $pid."
        running=$((running + 1))
    else
        say "$(basename "${file%.pid}") has ended without being stopped. Start it again: start.sh"
    fi
done
[ "$running" -gt 0 ] || [ "$dry_run" = yes ] || die 1 "no node of $folder runs. Start one: start.sh"
need_cockroach
run cockroach node status --certs-dir="$certs" --host="127.0.0.1:$port"
