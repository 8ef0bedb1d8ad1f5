X=/t/in.yaml
if true; then return 0; fi
X=/t/after.yaml
