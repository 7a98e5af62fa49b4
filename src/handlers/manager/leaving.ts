// SPDX-License-Identifier: Apache-2.0
// Whether objects of a kind are to be let go, whatever they are for: because the operator goes, which will take no
// finalizer off them later, or because the kind itself does, which ends only when its last object is gone. Nodes keep
// what their running pods need by themselves.
import type { Reader } from '../../runtime/handler.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { KubeObject, Resource } from '../../runtime/object.ts';
import type { Departure } from './departure.ts';

/** The facts that decide. */
export interface LeavingParts {
  readonly departure: Pick<Departure, 'isNear'>;
  /** The definition of a kind of ours; undefined where it is not followed. */
  definitionsOf(resource: Resource): Reader<KubeObject> | undefined;
}

/** Tells it of each kind. */
export class Leaving {
  private readonly parts: LeavingParts;

  constructor(parts: LeavingParts) {
    this.parts = parts;
  }

  /** Whether nothing holds an object of the kind any more. */
  isLeaving(resource: Resource): boolean {
    if (this.parts.departure.isNear()) return true;
    return this.parts.definitionsOf(resource)?.list().some(isDeleting) === true;
  }
}
