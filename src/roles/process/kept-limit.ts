// SPDX-License-Identifier: Apache-2.0
// The last limit on profiles that a node has seen, in a file beside its profiles.
import path from 'node:path';
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { LIMIT_FILE } from '../../core/names.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { parseLimit, printLimit } from '../../core/seccomp/kept-limit.ts';
import type { Aside } from '../../io/aside.ts';
import { StateFile } from '../../io/state-file.ts';

/** The limit of before, and how to keep the next one. */
export interface NodeLimit {
  readonly before: Limit;
  save(limit: Limit): Promise<void>;
}

/**
 * Reads the limit from the directory of the profiles. A file that cannot be read is logged: then the spod object alone
 * counts.
 */
export async function readNodeLimit(directory: string, log: Log, aside?: Aside): Promise<NodeLimit> {
  const file = new StateFile(path.join(directory, LIMIT_FILE), aside);
  const save = (limit: Limit): Promise<void> => file.write(printLimit(limit));
  try {
    const text = await file.read();
    const before = text === undefined ? {} : parseLimit(text);
    if (before === undefined) throw new Error(`${file.path} holds no limit`);
    return { before, save };
  } catch (error) {
    log.error('the limit of before cannot be read, none stands until there is a spod object', {
      why: errorText(error),
    });
    return { before: {}, save };
  }
}
