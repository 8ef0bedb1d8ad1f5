#!/bin/bash
join_by() { local d=$1; shift; echo -n "$1"; shift; printf '%s' "${@/#/$d}"; }
FILES=(/home/stack/a.yaml /home/stack/b.yaml)
E=$(printf -- '-e %s ' "${FILES[@]}")
openstack overcloud deploy --templates $E
