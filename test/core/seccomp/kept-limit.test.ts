// SPDX-License-Identifier: Apache-2.0
// The limit as a file of the node, and what else may stand there.
import { expect } from 'chai';
import { parseLimit, printLimit } from '../../../src/core/seccomp/kept-limit.ts';
import type { Limit } from '../../../src/core/seccomp/allowed.ts';

describe('core/seccomp/kept-limit', () => {
  it('reads what it prints', () => {
    const limits: readonly Limit[] = [{}, { allowedSyscalls: [] }, { allowedSyscalls: ['read', 'exit_group'] }];
    for (const limit of limits) expect(parseLimit(printLimit(limit))).to.deep.equal(limit);
  });

  it('takes nothing else for a limit', () => {
    const texts = ['', 'null', '[]', '{"allowedSyscalls": "read"}', '{"allowedSyscalls": [1]}', '{"allowedSyscalls"'];
    for (const text of texts) expect(parseLimit(text), text).to.equal(undefined);
  });
});
