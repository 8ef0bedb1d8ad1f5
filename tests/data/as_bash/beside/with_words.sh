SITE_ENV=/t/$1.yaml
