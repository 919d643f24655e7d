local web = import 'web.libsonnet';
{ 'web-deployment': web.deployment(memory='512Mi') }
