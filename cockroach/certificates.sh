#!/bin/sh
# Makes certificates: the authority once, then one for each node and one for each user who signs in with a certificate.
#
# Usage: certificates.sh [--dir DIR] [--dry-run] authority
#        certificates.sh [--dir DIR] [--dry-run] node NAME HOST...
#        certificates.sh [--dir DIR] [--dry-run] client USER
#
#   --dir DIR   the folder of the cluster, .agoat/cluster if nothing is said
#   --dry-run   show what would be done and do nothing
#
# A node's certificate must list every name and address by which others reach it: its own, those of the load balancer, and
# localhost and 127.0.0.1 for tools on its own machine. It comes to lie in DIR/nodes/NAME, ready to be copied to the machine.
# DIR/authority/ca.key signs them all: keep it on no node. Example: certificates.sh node db1 db1.internal 10.0.0.1 db.internal
set -eu
# shellcheck source-path=SCRIPTDIR source=speaking.sh
. "$(dirname -- "$0")/speaking.sh"

set_folder .agoat/cluster
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) show_help; exit 0 ;;
        --dry-run) dry_run=yes ;;
        --dir) value_of "$1" $#; set_folder "$2"; shift ;;
        -*) die 2 "$1 is no option. Say --help." ;;
        *) break ;;
    esac
    shift
done
what=${1:-}
[ $# -eq 0 ] || shift

need_authority() {
    [ "$dry_run" = yes ] || [ -f "$authority" ] || die 1 "there is no $authority. Make the authority first: certificates.sh authority"
}

umask 077
case $what in
    authority)
        [ ! -e "$authority" ] || die 1 "$authority exists and is left alone: every certificate so far is signed with it."
        need_cockroach
        make_folder "$folder/authority"
        make_folder "$certs"
        run cockroach cert create-ca --certs-dir="$certs" --ca-key="$authority"
        ;;
    node)
        [ $# -ge 2 ] || die 2 "say the node's name and at least one host. Say --help."
        node=$folder/nodes/$1
        shift
        [ ! -e "$node/node.crt" ] || die 1 "$node/node.crt exists and is left alone. Remove it to make another."
        need_cockroach
        need_authority
        make_folder "$node"
        run cp "$certs/ca.crt" "$node/ca.crt"
        run cockroach cert create-node "$@" localhost 127.0.0.1 --certs-dir="$node" --ca-key="$authority"
        ;;
    client)
        [ $# -eq 1 ] || die 2 "say the one user. Say --help."
        [ ! -e "$certs/client.$1.crt" ] || die 1 "$certs/client.$1.crt exists and is left alone. Remove it to make another."
        need_cockroach
        need_authority
        run cockroach cert create-client "$1" --certs-dir="$certs" --ca-key="$authority"
        ;;
    *) die 2 "say authority, node or client. Say --help." ;;
esac
