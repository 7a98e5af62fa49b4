// SPDX-License-Identifier: Apache-2.0
// The steps with a profile on the node itself. One that fails is recorded with the system's reason, and
// thrown as Failed with a sentence; that the node refuses a profile, or is not ready for it, is no failure.
import { errorText, Failed, NotYet, Rejected } from '../../core/errors.ts';
import type { Reason } from '../../core/errors.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Profile } from '../sources/profiles.ts';
import type { NodeStatusRecorder } from './node-status-recorder.ts';
import type { NodeProfileKind, Prepared, Written } from './profile-kind.ts';

/** The steps with profiles of one kind. */
export class ProfileSteps {
  private readonly kind: NodeProfileKind;
  private readonly recorder: NodeStatusRecorder;

  constructor(kind: NodeProfileKind, recorder: NodeStatusRecorder) {
    this.kind = kind;
    this.recorder = recorder;
  }

  /** Throws Rejected and NotYet as the kind does. */
  async write(profile: Profile, form: Prepared): Promise<Written> {
    const key = keyOf(profile);
    const message = `profile ${keyText(key)} cannot be saved`;
    return this.reporting(this.kind.reasons.notSaved, message, key, profile, () => this.kind.write(key, form));
  }

  /** False when nothing of it was on the node. */
  async remove(key: ObjectKey, profile: Profile | undefined): Promise<boolean> {
    const message = `profile ${keyText(key)} cannot be removed`;
    return this.reporting(this.kind.reasons.notRemoved, message, key, profile, () => this.kind.remove(key));
  }

  async holds(profile: Profile): Promise<boolean> {
    const key = keyOf(profile);
    const message = `it is not known whether profile ${keyText(key)} is on the node`;
    return this.reporting(this.kind.reasons.notSaved, message, key, profile, () => this.kind.holds(key));
  }

  /** Whether the installed version must go although the current one cannot replace it. */
  async isForbidden(profile: Profile): Promise<boolean> {
    const key = keyOf(profile);
    const message = `profile ${keyText(key)} may be beyond the limit, and cannot be read`;
    const check = async (): Promise<boolean> => (await this.kind.isForbidden?.(key)) === true;
    return this.reporting(this.kind.reasons.notRemoved, message, key, profile, check);
  }

  private async reporting<T>(
    reason: Reason,
    message: string,
    key: ObjectKey,
    profile: Profile | undefined,
    step: () => Promise<T>,
  ): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (error instanceof Rejected || error instanceof NotYet) throw error;
      this.recorder.fail(key, profile, reason, errorText(error));
      throw new Failed(reason, message, { cause: error });
    }
  }
}
