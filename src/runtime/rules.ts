// SPDX-License-Identifier: Apache-2.0
// The requests that the runtime itself makes for a handler, as RBAC rules; with the rules that the handler declares
// they are all that a process needs, and all that its role grants.
import type { Handler, PolicyRule, Source } from './handler.ts';
import type { KubeObject, Resource } from './object.ts';

/** A rule for one resource or subresource. */
export function ruleFor(
  resource: Pick<Resource, 'group' | 'plural'>,
  verbs: readonly string[],
  subresource?: string,
): PolicyRule {
  const name = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  return { apiGroups: [resource.group], resources: [name], verbs };
}

/** A name that a field selector demands: the API server grants a list of one name to who may see that name. */
const ONE_NAME = /^metadata\.name=([^,]+)$/;

/**
 * To watch a source: only in the operator's namespace where it is bound to a namespace, only one name where it selects
 * one.
 */
export function watchRule({ resource, selector }: Pick<Source, 'resource' | 'selector'>): PolicyRule {
  const [, name] = ONE_NAME.exec(selector?.fieldSelector ?? '') ?? [];
  return {
    ...ruleFor(resource, ['get', 'list', 'watch']),
    ...(name === undefined ? {} : { resourceNames: [name] }),
    ...(selector?.namespace === undefined ? {} : { where: 'operator' }),
  };
}

/** To write Kubernetes events. */
export const EVENT_RULE: PolicyRule = { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] };

/** To take part in the election for one lease. Making one cannot be limited to its name. */
export function leaseRules(name: string): readonly PolicyRule[] {
  const common = { apiGroups: ['coordination.k8s.io'], resources: ['leases'], where: 'operator' } as const;
  return [
    { ...common, verbs: ['create'] },
    { ...common, verbs: ['get', 'update'], resourceNames: [name] },
  ];
}

/** All rules of a handler: what it declares, and what its kind and its watches need. */
export function rulesOf<T extends KubeObject>(handler: Handler<T>): readonly PolicyRule[] {
  return [watchRule(handlerSource(handler)), ...(handler.watches ?? []).map(watchRule), ...handler.rules];
}

/** The source of a handler's own objects. */
export function handlerSource<T extends KubeObject>(handler: Handler<T>): Source<T> {
  const { kind: resource, selector, source } = handler;
  return source ?? { resource, ...(selector === undefined ? {} : { selector }) };
}
