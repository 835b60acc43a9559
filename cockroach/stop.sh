#!/bin/sh
# Stops the nodes that start.sh has started, one after another; each drains first: open transactions end, new clients go elsewhere.
#
# Usage: stop.sh [--dir DIR] [--seconds N] [--dry-run]
#
#   --dir DIR     the folder of the cluster, .agoat/cluster if nothing is said
#   --seconds N   how long to wait for each node, 120 if nothing is said; after that it is left running and named
#   --dry-run     show what would be done and do nothing
#
# Data, keys and certificates stay. Example: stop.sh --dir /srv/cluster
set -eu
# shellcheck source-path=SCRIPTDIR source=speaking.sh
. "$(dirname -- "$0")/speaking.sh"

set_folder .agoat/cluster
seconds=120
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) show_help; exit 0 ;;
        --dry-run) dry_run=yes ;;
        --dir) value_of "$1" $#; set_folder "$2"; shift ;;
        --seconds) value_of "$1" $#; seconds=$2; shift ;;
        *) die 2 "$1 is no option. Say --help." ;;
    esac
    shift
done
case $seconds in '' | *[!0-9]*) die 2 "--seconds is a number, not $seconds." ;; esac

found=no left=
for file in "$folder"/node*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file") store=${file%.pid}
    if ! is_node "$pid" "$store"; then
        run rm -f "$file"
        continue
    fi
    found=yes
    run kill -TERM "$pid"
    [ "$dry_run" = no ] || continue
    tenths=$((seconds * 10))
    while kill -0 "$pid" 2>/dev/null && [ "$tenths" -gt 0 ]; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    if kill -0 "$pid" 2>/dev/null; then left="$left $pid"; else rm -f "$file"; fi
done
[ "$found" = yes ] || say "No node of $folder runs."
[ -z "$left" ] || die 1 "still draining after $seconds s: process$left. Wait, or see the logs in the folder of the node."
