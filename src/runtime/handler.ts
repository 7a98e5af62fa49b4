// SPDX-License-Identifier: Apache-2.0
// The contract between a handler and the runtime that drives it. A handler is level-based: it gets the whole object as
// it is now, never "what changed", and may be called again with the same object at any time.
//
// Its errors decide what follows (core/errors): `Rejected`: a Warning event, no retry until the object changes;
// `NotYet`: another reconcile, no alarm; anything else is our failure: backoff, a log line with the cause, a metric,
// and for a `Failed` a Warning event too. A conflict while writing its outcome is neither: the reconcile is simply done
// again with the newer object.
//
// Finalizers are wanted in the outcome's metadata, like labels: `apply` wants one on the object, `cleanup` wants it
// gone as soon as nothing is left to do. A cleanup that throws leaves it. An object that is deleted before its first
// outcome was written goes without `cleanup`; `gone` runs for every object.
import type { RbacRule } from '../core/deploy/rbac.ts';
import type { Rejected } from '../core/errors.ts';
import type { BudgetLimits } from './budget.ts';
import type { KubeObject, ObjectKey, Resource } from './object.ts';
import type { Outcome } from './outcome.ts';

/** One RBAC rule; the manifests' roles are printed from these, and the fake API server of the tests enforces them. */
export type PolicyRule = RbacRule;

/** Which objects of a kind to watch; the API server filters, so what is not selected costs this process nothing. */
export interface Selector {
  /** For example `spec.nodeName=worker-1`. */
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Only this namespace. Left out: the namespaces that the operator is restricted to, or all. */
  readonly namespace?: string;
}

/**
 * Objects to hold in memory: a kind, which of them, and what to keep of each. Equal resource and selector share one.
 */
export interface Source<W extends KubeObject = KubeObject> {
  readonly resource: Resource;
  readonly selector?: Selector;
  /** The kind need not exist (its CRD belongs to another project): while it does not, there are no objects. */
  readonly optional?: boolean;
  /** Cuts an object down to what is read of it, before it is stored (managedFields are always dropped). */
  transform?(object: W): W;
  /** `transform` makes of what it has kept the same again, whatever status or metadata that has got meanwhile. */
  readonly repeatable?: boolean;
  /** `transform` reads nothing of the spec, and keeps nothing of it. */
  readonly specless?: boolean;
  /** Objects per page of a list, where they can be large. Default: that of the reflector's tuning. */
  readonly pageSize?: number;
  /** For kinds that tenants write: objects are kept compactly, and beyond the budget of their namespace cut. */
  readonly budget?: SourceBudget<W>;
}

/** The memory that the objects of one namespace may use together. */
export interface SourceBudget<W extends KubeObject = KubeObject> {
  readonly limits: BudgetLimits;
  /** An object beyond the budget, cut to what identifies it. */
  identity(object: W): W;
}

/** Another kind whose changes concern the handled one. */
export interface Watch<W extends KubeObject = KubeObject> extends Source<W> {
  /** The handled objects to look at again; called with the object before and after a change. Must be fast and pure. */
  mapToKeys(object: W): readonly ObjectKey[];
  /**
   * The same for a modification, seen as a whole: which of many keys in an object really changed. Default: `mapToKeys`
   * of both.
   */
  mapChange?(before: W, after: W): readonly ObjectKey[];
  /**
   * Event filter: false skips a modification. Additions and deletions are never skipped. Default: no change is skipped.
   */
  predicate?(before: W, after: W): boolean;
}

/** The handler of one kind: `apply` for an object that should be there, `cleanup` for one that should go. */
export interface Handler<T extends KubeObject> {
  /** The kind that it handles; one handler handles one kind. */
  readonly kind: Resource;
  /** Name in metrics, logs and as field manager, one per handler of a process: `seccompprofile`, `spod-config`. */
  readonly name: string;
  readonly selector?: Selector;
  /** How its objects are kept, where that is not all: a source of `kind` and `selector`. */
  readonly source?: Source<T>;
  /** RBAC rules beyond those that the runtime derives from kind and watches: see runtime/rules.ts. */
  readonly rules: readonly PolicyRule[];
  readonly watches?: readonly Watch[];
  /** Reconciles at the same time over different objects; default 4. One object never has two. */
  readonly concurrency?: number;

  /**
   * Called each time before work begins, at the start or when this process has got the lead: the caches are filled, and
   * what they hold was there before. Must be fast and must not throw.
   */
  begin?(): void;
  /** Brings the object about. Must be idempotent. */
  apply(object: T, signal: AbortSignal): Promise<Outcome<T>>;
  /**
   * In the place of `apply`, for an object that is kept as its identity only, because its namespace has used up its
   * budget. Default: it is rejected.
   */
  withheld?(object: T, why: Rejected, signal: AbortSignal): Promise<Outcome<T>>;
  /** Undoes it: runs for an object with a deletion timestamp as long as anyone holds it. Must be idempotent. */
  cleanup?(object: T, signal: AbortSignal): Promise<Outcome<T>>;
  /** The object is no longer in the cluster (or not selected any more); only its key is left. */
  gone?(key: ObjectKey, signal: AbortSignal): Promise<Outcome<T>>;
  /** The outcome to write when the API server refuses that of `apply` or `cleanup` for good. Default: nothing. */
  refused?(object: T, why: Error): Outcome<T>;
  /** Event filter for the handled objects: false skips a modification. Default: no change is skipped. */
  predicate?(before: T, after: T): boolean;
}

/** Read access to the cached objects of one source. Never waits, never asks the API server. */
export interface Reader<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  list(namespace?: string): readonly T[];
  /**
   * A lookup by computed values, kept up to date with the store; to be made before the operator starts. The answer for
   * a value is the same list until one of its objects changes.
   */
  index(valuesOf: (object: T) => readonly string[]): (value: string) => readonly T[];
  /** Whether the object is there as its identity only, because its namespace has used up its budget. */
  isWithheld(key: ObjectKey): boolean;
}
