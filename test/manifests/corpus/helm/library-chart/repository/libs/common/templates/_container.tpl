{{- define "common.container" -}}
- name: {{ .name }}
  image: "registry.example/{{ .name }}:1"
  resources:
    {{- toYaml .values.resources | nindent 4 }}
{{- end -}}
