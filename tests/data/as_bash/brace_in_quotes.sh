#!/bin/bash
openstack overcloud deploy --templates -e "/t/{a,b}.yaml" -e /t/\{a,b}.yaml -e {/t/a.yaml,-e,/t/"b c".yaml} -e {x,} -e{a..e..2}
