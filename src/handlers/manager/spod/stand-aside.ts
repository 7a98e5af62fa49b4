// SPDX-License-Identifier: Apache-2.0
// A manager looks for an operator in another namespace before it begins. While there is an older one, it does nothing
// but say so in the status of its own spod, which it makes for that where there is none.
import { rivalOf, rivalSentence } from '../../../core/deploy/rivals.ts';
import { defaultSpod } from '../../../core/deploy/spod.ts';
import type { FirstOptions } from '../../../core/deploy/spod.ts';
import type { SpodOptions } from '../../../core/deploy/spod-options.ts';
import type { Log } from '../../../core/log.ts';
import { SPOD } from '../../../core/names.ts';
import { withObservation } from '../../../core/status/conditions.ts';
import { READY } from '../../../core/status/state.ts';
import { rfc3339 } from '../../../core/status/time.ts';
import type { SecurityProfilesOperatorDaemon } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../../gen/kinds.ts';
import type { Handler, PolicyRule, Reader, Selector, Watch } from '../../../runtime/handler.ts';
import type { ObjectKey } from '../../../runtime/object.ts';
import type { Outcome } from '../../../runtime/outcome.ts';
import { asSeen } from '../../../runtime/precondition.ts';
import { ALL_SPODS } from '../../sources/spods.ts';
import { SPOD_OBJECT_RULES } from './rules.ts';

type Spod = SecurityProfilesOperatorDaemon;

/** The dependencies of the handler. */
export interface StandAsideParts {
  readonly namespace: string;
  readonly firstOptions: FirstOptions;
  readonly spodOptions: SpodOptions;
  /** Those of all namespaces that may be seen. */
  readonly spods: Pick<Reader<Spod>, 'list'>;
  readonly log: Log;
  /** Called whenever no other operator goes before. */
  proceed(): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Says that another operator was here first, or that this one may begin. */
export class StandAside implements Handler<Spod> {
  readonly kind = SECURITY_PROFILES_OPERATOR_DAEMON;
  readonly name = 'spod-rivals';
  readonly selector: Selector;
  readonly watches: readonly Watch[];
  readonly concurrency = 1;
  readonly rules: readonly PolicyRule[] = SPOD_OBJECT_RULES;
  private readonly parts: StandAsideParts;

  constructor(parts: StandAsideParts) {
    this.parts = parts;
    this.selector = { namespace: parts.namespace, fieldSelector: `metadata.name=${SPOD}` };
    this.watches = [{ ...ALL_SPODS, mapToKeys: () => [this.key] }];
  }

  /** The key of this operator's own spod. */
  get key(): ObjectKey {
    return { namespace: this.parts.namespace, name: SPOD };
  }

  async apply(spod: Spod): Promise<Outcome<Spod>> {
    const rival = this.rivalOf(spod);
    return rival === undefined ? this.proceed() : this.standAside(spod, rival);
  }

  async cleanup(): Promise<Outcome<Spod>> {
    return {};
  }

  async gone(): Promise<Outcome<Spod>> {
    if (this.rivalOf(undefined) === undefined) return this.proceed();
    const { namespace, firstOptions, spodOptions } = this.parts;
    return { desired: [asSeen(defaultSpod(namespace, firstOptions, spodOptions), undefined)] };
  }

  private rivalOf(own: Spod | undefined): string | undefined {
    return rivalOf(this.parts.namespace, own, this.parts.spods.list());
  }

  private proceed(): Outcome<Spod> {
    this.parts.proceed();
    return {};
  }

  private standAside(spod: Spod, rival: string): Outcome<Spod> {
    const message = rivalSentence(rival);
    const { generation: observedGeneration = 0 } = spod.metadata;
    const ready = { type: READY, status: 'False', reason: 'OperatorConflict', message, observedGeneration } as const;
    const isKnown = spod.status?.conditions?.some((condition) => condition.message === message) === true;
    if (!isKnown) this.parts.log.error('another operator was here first, this one waits', { namespace: rival });
    const conditions = withObservation(spod.status?.conditions, ready, rfc3339(this.parts.now()));
    return {
      status: { ...spod.status, state: 'ERROR', observedGeneration, conditions },
      events: isKnown ? [] : [{ type: 'Warning', reason: 'OperatorConflict', message }],
    };
  }
}
