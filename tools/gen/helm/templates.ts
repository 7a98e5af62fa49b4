// SPDX-License-Identifier: Apache-2.0
// From objects to the text of a template. The objects are those of src/core/deploy, made with words in place of what an
// installation chooses; in the printed text each word becomes an expression. So a template can say nothing that the
// functions behind all other ways of installing do not say.
import { stringify } from 'yaml';
import type { Manifest } from '../../../src/core/deploy/manifest.ts';

/** Words that stand for choices of the installation while objects are made. None is part of another one. */
export const WORD = {
  namespace: 'helm-namespace',
  watched: 'helm-watched',
  image: 'helm-image',
  pullPolicy: 'helm-pull-policy',
  pullSecrets: 'helm-pull-secrets',
  replicas: 'helm-replicas',
  kubeletDir: '/helm/kubelet/dir',
  options: 'helm-options',
} as const;

/**
 * Expressions in place of words. `$` is the chart's root also within a loop over namespaces, where `.` is one of them.
 */
const EXPRESSION: Readonly<Record<string, string>> = {
  [WORD.namespace]: '$.Release.Namespace',
  [WORD.watched]: '.',
  [WORD.image]: 'include "security-profiles-operator.image" $',
  [WORD.pullPolicy]: '$.Values.image.pullPolicy',
  [WORD.kubeletDir]: '$.Values.kubeletDir',
};

/** Objects as documents of a template, each after a line with dashes. */
export function documents(objects: readonly Manifest[]): string {
  return objects.map((object) => `---\n${expressed(withPullSecrets(yamlOf(object)))}`).join('');
}

/** Secrets that an image is pulled with are there only where they are chosen. */
function withPullSecrets(text: string): string {
  const line = new RegExp(`^( *)imagePullSecrets: ${WORD.pullSecrets}\n`, 'm');
  return text.replace(line, optional('.Values.imagePullSecrets', 'imagePullSecrets: {{ toJson . }}'));
}

/** Lines that are there when an expression holds, or other lines. */
export function when(expression: string, text: string, otherwise = ''): string {
  if (text === '' && otherwise === '') return '';
  const other = otherwise === '' ? '' : `{{- else }}\n${otherwise}`;
  return `{{- if ${expression} }}\n${text}${other}{{- end }}\n`;
}

/** The manager's Deployment, of which an installation chooses most. */
export function deploymentTemplate(deployment: Manifest): string {
  const text = withPullSecrets(yamlOf(deployment))
    .replace(WORD.replicas, '{{ .Values.replicaCount }}')
    .replace(
      variable('RESTRICT_TO_NAMESPACE'),
      optional('.Values.restrictToNamespaces', '- name: RESTRICT_TO_NAMESPACE', '  value: {{ join "," . | quote }}'),
    )
    .replace(
      variable('SPOD_OPTIONS'),
      optional('include "security-profiles-operator.options" .', '- name: SPOD_OPTIONS', '  value: {{ . | quote }}'),
    );
  return `---\n${expressed(text)}`;
}

function yamlOf(object: Manifest): string {
  return stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/** A word that is a whole value is quoted, because a namespace may be called 123; within a text it is not. */
function expressed(text: string): string {
  return Object.entries(EXPRESSION).reduce(
    (before, [word, expression]) =>
      before
        .replaceAll(new RegExp(`(?<=^ *(?:- |(?:- )?[\\w./-]+: ))${word}$`, 'gm'), `{{ ${expression} | quote }}`)
        .replaceAll(word, `{{ ${expression} }}`),
    text,
  );
}

/** A variable of the environment with its value, the two lines of it. */
function variable(name: string): RegExp {
  return new RegExp(`^( *)- name: ${name}\n *value: .*\n`, 'm');
}

/** A replacement that keeps the indentation of the first line, there only where the value is not empty. */
function optional(value: string, ...lines: readonly string[]): string {
  return [`{{- with ${value} }}`, ...lines.map((line) => `$1${line}`), '{{- end }}', ''].join('\n');
}
