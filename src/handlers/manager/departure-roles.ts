// SPDX-License-Identifier: Apache-2.0
// The roles with which the manager leaves (core/deploy/departure.ts): made while all is well, since there is no time
// for it later.
import { departureGrants, departureMakingRules, departureRules } from '../../core/deploy/departure.ts';
import type { DepartureParts } from '../../core/deploy/departure.ts';
import type { Handler, PolicyRule, Selector, Watch } from '../../runtime/handler.ts';
import { NAMESPACE } from '../../runtime/kinds.ts';
import type { KubeObject } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { departureRoleSources, homeSource } from '../sources/departure.ts';
import type { Departure } from './departure.ts';

/** The dependencies of the handler. */
export interface DepartureRolesParts extends DepartureParts {
  readonly departure: Pick<Departure, 'isNear'>;
}

/** Keeps the roles, as objects of the operator's Namespace. */
export class DepartureRoles implements Handler<KubeObject> {
  readonly kind = NAMESPACE;
  readonly name = 'departure-roles';
  readonly selector: Selector;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[];
  private readonly parts: DepartureRolesParts;

  constructor(parts: DepartureRolesParts) {
    const { namespace } = parts;
    this.parts = parts;
    this.selector = homeSource(namespace).selector ?? {};
    this.rules = [...departureRules(), ...departureMakingRules()];
    const mapToKeys = () => [{ name: namespace }];
    this.watches = departureRoleSources(parts).map((source) => ({ ...source, mapToKeys }));
  }

  async apply({ apiVersion, kind, metadata: { name, uid } }: KubeObject): Promise<Outcome> {
    if (uid === undefined || this.parts.departure.isNear()) return {};
    return { desired: departureGrants(this.parts, { apiVersion, kind, name, uid }) };
  }

  async cleanup(): Promise<Outcome> {
    return {};
  }
}
