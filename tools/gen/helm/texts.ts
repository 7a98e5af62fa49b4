// SPDX-License-Identifier: Apache-2.0
// The words of the chart for people, and its expressions.
import type { Value } from './values.ts';

/** Named expressions of the templates. */
export const EXPRESSIONS = `{{- /* The image of all processes. A digest says more than a tag. */ -}}
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
`;

/** The template that installs and upgrades the definitions of the kinds. */
export const CRDS = `{{- if .Values.crds.enabled }}
{{- range $path, $text := .Files.Glob "files/crds/*.yaml" }}
---
{{ $text | toString }}
{{- end }}
{{- end }}
`;

/** The words after an installation. */
export const NOTES = `security-profiles-operator {{ .Chart.AppVersion }} is being installed into the namespace {{ .Release.Namespace }}.

It is there when its configuration says so:

  kubectl -n {{ .Release.Namespace }} wait --for=create spod spod --timeout=120s
  kubectl -n {{ .Release.Namespace }} wait --for=condition=ready spod spod --timeout=120s

Whether all is as it should be, and what to do where not:

  helm test {{ .Release.Name }} -n {{ .Release.Namespace }}
{{- $namespace := lookup "v1" "Namespace" "" .Release.Namespace }}
{{- $labels := default dict (dig "metadata" "labels" dict (default dict $namespace)) }}
{{- if ne (default "" (get $labels "pod-security.kubernetes.io/enforce")) "privileged" }}

The daemon mounts directories of the node. Where the cluster enforces Pod Security, let it:

  kubectl label ns {{ .Release.Namespace }} --overwrite pod-security.kubernetes.io/enforce=privileged \\
    pod-security.kubernetes.io/audit=privileged pod-security.kubernetes.io/warn=privileged
{{- end }}

An uninstallation keeps the definitions of the kinds, and with them all profiles, bindings and recordings. Before it, delete
the configuration, with which daemons and webhooks go; to remove the profiles, too, begin with them, while the daemons can
take them off the nodes, and end with the definitions:

  kubectl delete {{ include "security-profiles-operator.kinds" . }} --all --all-namespaces
  kubectl -n {{ .Release.Namespace }} delete spod spod
  helm uninstall {{ .Release.Name }} -n {{ .Release.Namespace }}
  kubectl get crds -o name | grep security-profiles-operator.x-k8s.io | xargs kubectl delete
`;

/** The kinds whose objects users make, as kubectl names them. */
export function kindsExpression(plurals: readonly string[]): string {
  return `
{{- /* The kinds whose objects users make. */ -}}
{{- define "security-profiles-operator.kinds" -}}
${plurals.join(',')}
{{- end -}}
`;
}

/** The README of the chart. */
export function readme(values: readonly Value[]): string {
  const rows = values.map(({ name, fallback, description }) => {
    const shown = `\`${JSON.stringify(fallback)}\``;
    return `| \`${name}\` | ${shown} | ${description} |`;
  });
  return `# The chart security-profiles-operator

Seccomp, SELinux and AppArmor profiles as Kubernetes objects. Where the chart is: this folder, or the \`.tgz\` of a release.

<!-- not run: test/integration/helm.test.ts does all this with Helm and an API server of its own -->

\`\`\`sh
helm install security-profiles-operator deploy/helm --namespace security-profiles-operator --create-namespace
helm test security-profiles-operator --namespace security-profiles-operator
helm upgrade security-profiles-operator deploy/helm --namespace security-profiles-operator
kubectl --namespace security-profiles-operator delete spod spod
helm uninstall security-profiles-operator --namespace security-profiles-operator
\`\`\`

\`helm test\` runs \`spoc doctor\` in a pod, with an account of its own that may read what is asked of the cluster, Secrets not among
it. When a check fails, the pod stays, and its log says which and what to do; else all of it is gone again.

The definitions of the kinds are templates of the chart, so that an upgrade brings their new fields, and carry
\`helm.sh/resource-policy: keep\`, so that nothing but your own \`kubectl delete\` removes them, and with them every profile.
Where they were there before the chart (from \`kubectl apply\`, another release, or a chart with a folder \`crds/\`), let the first
installation take them over: \`helm install … --take-ownership --force-conflicts\`; or leave them to whoever keeps them:
\`--set crds.enabled=false\`.

## Values

\`values.schema.json\` refuses what is misspelt. Options of the operator are below \`spod\`: they are the fields of
\`spec\` of the object \`spod\`, which the manager makes with them, and changes when they change; \`kubectl patch spod\` goes on working for
all others.

| value | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`;
}
