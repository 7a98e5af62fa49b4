// SPDX-License-Identifier: Apache-2.0
// One reconcile of a large object at a time. The API server validates an object of 1 MB for seconds, each time that
// a label of it is written: eight such writes side by side took longer than a request may, were all given up and
// tried again, and none ever succeeded. A reconcile that has to wait gives its worker back, so that small objects are
// not kept waiting.
import type { ReconcileResult } from './controller.ts';

/** A large object that finds another one under way is looked at again after so long. */
const WAIT_MS = 250;

/** The turn of one handler's large objects. */
export class LargeTurn {
  private taken = false;

  /** Runs the reconcile of a large object, or asks for it a moment later. */
  async run(reconcile: () => Promise<ReconcileResult>): Promise<ReconcileResult> {
    if (this.taken) return { requeueAfterMs: WAIT_MS };
    this.taken = true;
    try {
      return await reconcile();
    } finally {
      this.taken = false;
    }
  }
}
