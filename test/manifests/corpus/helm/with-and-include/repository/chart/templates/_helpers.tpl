{{- define "api.fullname" -}}
{{ default (printf "%s-%s" .Release.Name .Chart.Name) .Values.fullnameOverride }}
{{- end -}}
{{- define "api.resources" -}}
{{- with .resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
