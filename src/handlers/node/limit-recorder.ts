// SPDX-License-Identifier: Apache-2.0
// Keeps the last limit on profiles on the node, for the next start of the daemon: at that moment there may be no spod
// object.
import type { Limit } from '../../core/seccomp/allowed.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import type { Handler, Source } from '../../runtime/handler.ts';
import type { Resource } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';

/** The dependencies of the recorder. */
export interface LimitRecorderParts {
  /** The spod object. */
  readonly source: Source<SecurityProfilesOperatorDaemon>;
  /** The limit as it is now. */
  limit(): Limit;
  /** Keeps a limit on the node. */
  save(limit: Limit): Promise<void>;
}

/** Saves the limit when the spod object is there or changes, and leaves it alone when the object goes. */
export class LimitRecorder implements Handler<SecurityProfilesOperatorDaemon> {
  readonly kind: Resource;
  readonly name = 'limit-recorder';
  readonly source: Source<SecurityProfilesOperatorDaemon>;
  readonly rules = [];
  readonly concurrency = 1;
  private readonly parts: LimitRecorderParts;
  private saved: string | undefined;

  constructor(parts: LimitRecorderParts) {
    this.kind = parts.source.resource;
    this.source = parts.source;
    this.parts = parts;
  }

  /** Only the spec sets a limit. */
  predicate(before: SecurityProfilesOperatorDaemon, after: SecurityProfilesOperatorDaemon): boolean {
    return before.metadata.uid !== after.metadata.uid || before.metadata.generation !== after.metadata.generation;
  }

  async apply(): Promise<Outcome<SecurityProfilesOperatorDaemon>> {
    const limit = this.parts.limit();
    const text = JSON.stringify(limit);
    if (text === this.saved) return {};
    await this.parts.save(limit);
    this.saved = text;
    return {};
  }
}
