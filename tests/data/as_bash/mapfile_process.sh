#!/bin/bash
readarray -t FILES < <(ls beside/env/*.yaml)
openstack overcloud deploy --templates "${FILES[@]/#/--environment-file=}"
