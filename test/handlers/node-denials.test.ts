// SPDX-License-Identifier: Apache-2.0
// The denials of a profile by the nodes' reports.
import { expect } from 'chai';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { nodeDenials } from '../../src/handlers/sources/node-denials.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const condition = (type: string, status: string) => ({
  type,
  status,
  reason: 'R',
  message: '',
  lastTransitionTime: '',
});

describe('handlers/sources/node-denials', () => {
  it('take a profile for unheard where a full report has no room for it', () => {
    const profile = seccompProfile('a');
    const heard = (complete: string, profiles: object) => {
      const conditions = [condition('AuditLogRead', 'True'), condition('Complete', complete)];
      const nodeStatus = { nodeName: 'n', status: { conditions, profiles } } as unknown as SecurityProfileNodeStatus;
      return nodeDenials([{ name: 'n', unreachable: false, nodeStatus }], 'SeccompProfile', profile)[0]?.isAudited;
    };
    const entry = { 'SeccompProfile/ns/a': { state: 'Installed', uid: 'a', generation: 1 } };
    expect(heard('True', {})).to.equal(true);
    expect(heard('False', entry)).to.equal(true);
    expect(heard('False', {})).to.equal(false);
  });
});
