// SPDX-License-Identifier: Apache-2.0
// How a profile stands on this node, in the node's ledger; what fails is counted and logged as well, once.
import type { Reason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { ledgerKey } from '../../core/status/node-ledger.ts';
import type { LedgerEntry } from '../../core/status/node-ledger.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import { keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** Where it is noted. `note` is false where that was known already. */
export interface Ledger {
  note(key: string, entry: Omit<LedgerEntry, 'since'>, now: string): boolean;
  forget(key: string): void;
}

/** Counts failures by their reason. */
export interface FailureCounter {
  failed(reason: Reason): void;
}

/** What notes are made with. */
export interface NoteParts {
  readonly ledger: Ledger;
  readonly counters: FailureCounter;
  readonly log: Log;
  now(): string;
}

/** What is said of a profile besides which one it is. */
export type Note = Pick<LedgerEntry, 'state' | 'hash' | 'reason' | 'message'>;

/** Notes what has come of profiles. */
export class ProfileNotes {
  private readonly parts: NoteParts;

  constructor(parts: NoteParts) {
    this.parts = parts;
  }

  /** Notes a state. Returns false where it was noted already. */
  note(profile: SeccompProfile, note: Note): boolean {
    const { uid, generation } = profile.metadata;
    const identity = {
      ...(uid === undefined ? {} : { uid }),
      ...(generation === undefined ? {} : { generation }),
    };
    return this.write(profile.metadata, { ...note, ...identity });
  }

  /** Notes a failure; `profile` is undefined where there is no object any more. */
  fail(key: ObjectKey, profile: SeccompProfile | undefined, reason: Reason, message: string): void {
    const note = { state: 'Error', reason, message } as const;
    const news = profile === undefined ? this.write(key, note) : this.note(profile, note);
    if (!news) return;
    this.parts.counters.failed(reason);
    this.parts.log.warn('profile is not as it should be', { profile: keyText(key), reason, why: message });
  }

  /** Nothing of it is on this node any more. */
  forget(key: ObjectKey): void {
    this.parts.ledger.forget(keyOfLedger(key));
  }

  private write(key: ObjectKey, entry: Omit<LedgerEntry, 'since'>): boolean {
    return this.parts.ledger.note(keyOfLedger(key), entry, this.parts.now());
  }
}

function keyOfLedger(key: ObjectKey): string {
  return ledgerKey(SECCOMP_PROFILE.kind, key.namespace, key.name);
}
