# What the scripts of this folder share; each of them reads this file, and it does nothing by itself.
# shellcheck shell=sh

dry_run=no

say() { printf '%s\n' "$*"; }

# Says what is wrong in one line and ends: 1 failed, 2 wrong usage.
die() {
    code=$1
    shift
    printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
    exit "$code"
}

# The lines of a script's own heading, without the marks of comments.
show_help() { sed -n '2,/^[^#]/{/^#/{s/^# \{0,1\}//;p;};}' "$0"; }

# A word as a shell would have to be given it.
quoted() {
    case $1 in
        *[!A-Za-z0-9_./:=,@%+-]* | '') printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
        *) printf '%s' "$1" ;;
    esac
}

# Runs a command, or with --dry-run only shows it.
run() {
    if [ "$dry_run" = yes ]; then
        line=
        for word in "$@"; do line="$line $(quoted "$word")"; done
        say "${line# }"
    else
        "$@"
    fi
}

# Ends unless CockroachDB 25.4 or later is on the PATH. A dry run needs no program.
need_cockroach() {
    [ "$dry_run" = yes ] && return
    command -v cockroach >/dev/null 2>&1 || die 2 "there is no program cockroach on the PATH. Install CockroachDB 25.4 or later."
    release=$(cockroach version | sed -n 's/^ *Build Tag: *v\([0-9]*\)\.\([0-9]*\)\..*/\1 \2/p')
    major=${release% *} minor=${release#* }
    [ -n "$release" ] || die 2 "the program cockroach on the PATH does not say which version it is."
    if [ "$major" -lt 25 ] || { [ "$major" -eq 25 ] && [ "$minor" -lt 4 ]; }; then
        die 2 "CockroachDB $major.$minor is too old: 25.4 or later is needed, for its row-level security."
    fi
}

# The folder of the cluster as an absolute path; the program splits its arguments at commas and equals signs.
set_folder() {
    case $1 in
        *,* | *=*) die 2 "the folder $1 has a comma or an equals sign in its path. Choose another." ;;
        /*) folder=$1 ;;
        *) folder=$(pwd)/$1 ;;
    esac
    # Read by the scripts that source this file.
    # shellcheck disable=SC2034
    certs=$folder/certs authority=$folder/authority/ca.key
}

# The value of an option that takes one.
value_of() {
    [ "$2" -ge 2 ] || die 2 "$1 needs a value. Say --help."
}

# Whether a process is the node of a store: the number in a file may by now be another program's, so the program is asked.
is_node() { ps -p "$1" -o args= 2>/dev/null | grep -F -q -e "path=$2"; }

# A path as part of an address.
in_address() { printf '%s' "$1" | sed 's/%/%25/g; s/ /%20/g; s/&/%26/g; s/#/%23/g; s/+/%2B/g; s/?/%3F/g'; }

# Makes a private folder unless it is there.
make_folder() {
    [ -d "$1" ] || run mkdir -p -m 700 "$1"
}
