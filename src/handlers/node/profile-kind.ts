// SPDX-License-Identifier: Apache-2.0
// The contract of a kind of profile with the daemon: how profiles of the kind get onto this node and away from it.
import type { Reason } from '../../core/errors.ts';
import type { Operation } from '../../core/metrics.ts';
import type { Watch } from '../../runtime/handler.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';
import type { FailureCounter } from './node-status-recorder.ts';
import type { Leftover } from './orphaned-files.ts';

/** The form of a profile on this node. */
export interface Prepared {
  readonly text: string;
  /** Identifies the text in the node's status. */
  readonly hash: string;
  /** Sentences that users should know, though the profile can be installed. */
  readonly warnings: readonly string[];
}

/** A form that was not on the node any more as it had been put there, though nobody of ours had changed it. */
export interface Difference {
  /** Words behind "somebody had". */
  readonly deed: string;
  /** How it was put right, in words before a time. */
  readonly remedy: string;
  /** Where the form may not hold in spite of that. */
  readonly rest: string;
}

/** The answer of the node to a form that was to be put on it. */
export interface Written {
  /** False when it was there already. */
  readonly changed: boolean;
  /** Counts only where the node had this very form before; left out where nothing differed, or nobody can tell. */
  readonly differed?: Difference;
  /** Identifies what the node made of the text, where it is more than the text. */
  readonly hash?: string;
  /** Sentences of the node about it, beside those of the preparation. */
  readonly warnings?: readonly string[];
  /** Why it is not in effect here, where an administrator of this node has switched it off. */
  readonly off?: string;
}

/** Counters of one kind. */
export interface ProfileCounters extends FailureCounter {
  done(operation: Operation): void;
}

/** A kind of profile, as a node has it. Errors of the asynchronous methods name the path and the reason. */
export interface NodeProfileKind<P extends Profile = Profile, F extends Prepared = Prepared> extends ProfileKind<P> {
  /** Under which reasons it is reported and counted that a profile can't be put on the node or taken from it. */
  readonly reasons: { readonly notSaved: Reason; readonly notRemoved: Reason };
  readonly counters: ProfileCounters;
  /** Lines of the log about a profile that has come to the node, or gone from it. */
  readonly words: { readonly written: string; readonly removed: string };
  /** Other objects whose changes concern profiles of this kind. */
  readonly watches: readonly Watch[];
  /** All that was on the node when the daemon started, and what has come since. Never rejects. */
  leftovers(): readonly Leftover[] | Promise<readonly Leftover[]>;
  /** The form to install. Throws Rejected for the user's mistakes, NotYet for what must come first. */
  prepare(profile: P): F;
  /** Puts it on the node. Throws Rejected where the node finds a mistake of the user's in it, NotYet as `prepare`. */
  write(key: ObjectKey, form: F): Promise<Written>;
  /** Takes it from the node; false when there is nothing. Throws NotYet where the node is still at it. */
  remove(key: ObjectKey): Promise<boolean>;
  /** Whether something of it is on the node. */
  holds(key: ObjectKey): Promise<boolean>;
  /** Gets the function that reconciles a profile: for changes on the node that follow a `write` or `remove`. */
  follow?(wake: (key: ObjectKey) => void): void;
  /** Whether the installed version must go although the current one cannot replace it. Default: it stays. */
  isForbidden?(key: ObjectKey): Promise<boolean>;
}
