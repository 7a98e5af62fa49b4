// SPDX-License-Identifier: Apache-2.0
// Without its account the API server does not know the manager: 10 seconds later at most, because it remembers tokens
// for so long. While the operator goes and finalizers of ours are left, one more holds the account, with which it is
// known for a minute. It is there in no other time, so that an operator that was killed holds nothing by it.
import { FINALIZER, OPERATOR } from '../../core/names.ts';
import type { Handler, PolicyRule, Reader, Selector, Source, Watch } from '../../runtime/handler.ts';
import { SERVICE_ACCOUNT } from '../../runtime/kinds.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { accountSource, leavingWatches } from '../sources/departure.ts';
import type { Departure } from './departure.ts';

/** Objects that finalizers of ours may hold. */
export interface HeldObjects {
  readonly source: Source;
  readonly reader: Reader<KubeObject>;
}

/** The dependencies of the guard. */
export interface AccountGuardParts {
  readonly namespace: string;
  readonly departure: Pick<Departure, 'isNear'>;
  readonly held: readonly HeldObjects[];
  readonly accounts: Reader<KubeObject>;
}

const OURS: ReadonlySet<string> = new Set(Object.values(FINALIZER));

/** Guards the manager's account, and knows when it is needed no longer. */
export class AccountGuard implements Handler<KubeObject> {
  readonly kind = SERVICE_ACCOUNT;
  readonly name = 'account-guard';
  readonly selector: Selector;
  readonly watches: readonly Watch[];
  /** Those of departure-roles.ts. */
  readonly rules: readonly PolicyRule[] = [];
  private readonly parts: AccountGuardParts;

  constructor(parts: AccountGuardParts) {
    const source = accountSource(parts.namespace);
    this.parts = parts;
    this.selector = source.selector ?? {};
    const key: ObjectKey = { namespace: parts.namespace, name: OPERATOR };
    const leaving = (): readonly ObjectKey[] => (parts.departure.isNear() ? [key] : []);
    this.watches = [
      ...leavingWatches(parts.namespace, undefined, () => [key]),
      ...parts.held.map(({ source: held }) => ({ ...held, mapToKeys: leaving })),
    ];
  }

  async apply(account: KubeObject): Promise<Outcome> {
    return this.outcome(account);
  }

  async cleanup(account: KubeObject): Promise<Outcome> {
    return this.outcome(account);
  }

  /** Whether the operator goes and holds nothing any more, its account included. */
  hasLeft(): boolean {
    const { departure, accounts } = this.parts;
    return departure.isNear() && !this.holds() && !accounts.list().some(isHeld);
  }

  private outcome(account: KubeObject): Outcome {
    const mayBe = account.metadata.deletionTimestamp === undefined || isHeld(account);
    const wanted = mayBe && this.parts.departure.isNear() && this.holds();
    return { metadata: { finalizers: { [FINALIZER.departure]: wanted } } };
  }

  private holds(): boolean {
    return this.parts.held.some(({ reader }) => reader.list().some(isHeld));
  }
}

/** Whether a finalizer of ours holds the object. */
function isHeld({ metadata: { finalizers = [] } }: KubeObject): boolean {
  return finalizers.some((name) => OURS.has(name));
}
