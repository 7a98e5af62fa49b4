{{- /* Generated from src/core/deploy by npm run gen. Do not edit. SPDX-License-Identifier: Apache-2.0 */ -}}
{{- /* The image of all processes. A digest says more than a tag. */ -}}
{{- define "security-profiles-operator.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* Options of the spod, as JSON; empty where there are none. */ -}}
{{- define "security-profiles-operator.options" -}}
{{- $options := deepCopy .Values.spod -}}
{{- if and .Values.imagePullSecrets (not (hasKey $options "imagePullSecrets")) -}}
{{- $_ := set $options "imagePullSecrets" .Values.imagePullSecrets -}}
{{- end -}}
{{- if $options -}}{{ toJson $options }}{{- end -}}
{{- end -}}

{{- /* The kinds whose objects users make. */ -}}
{{- define "security-profiles-operator.kinds" -}}
apparmorprofiles,profilebindings,profilerecordings,rawselinuxprofiles,seccompprofiles,selinuxprofiles
{{- end -}}
