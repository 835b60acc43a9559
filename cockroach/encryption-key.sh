#!/bin/sh
# Makes a key file for encryption at rest. It never overwrites one: without its key, a store cannot be read again.
#
# Usage: encryption-key.sh [--bits 128|192|256] [--dry-run] FILE
#
#   --bits N    the length of the key, 256 if nothing is said; the file is 32 bytes longer
#   --dry-run   show what would be done and do nothing
#
# Keep a copy of the file apart from the backups of the data. Example: encryption-key.sh /etc/agoat/node1.key
set -eu
# shellcheck source-path=SCRIPTDIR source=speaking.sh
. "$(dirname -- "$0")/speaking.sh"

bits=256 file=
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) show_help; exit 0 ;;
        --dry-run) dry_run=yes ;;
        --bits) value_of "$1" $#; bits=$2; shift ;;
        -*) die 2 "$1 is no option. Say --help." ;;
        *) [ -z "$file" ] || die 2 "name one file."; file=$1 ;;
    esac
    shift
done

[ -n "$file" ] || die 2 "name the file to make. Say --help."
case $bits in 128 | 192 | 256) ;; *) die 2 "--bits is 128, 192 or 256, not $bits." ;; esac
[ ! -e "$file" ] || die 1 "$file exists and is left alone: without it, what it encrypted is lost. Name another file."
need_cockroach
umask 077
run cockroach gen encryption-key -s "$bits" "$file"
run chmod 400 "$file"
