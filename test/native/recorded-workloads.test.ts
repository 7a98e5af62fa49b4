// SPDX-License-Identifier: Apache-2.0
// Real servers, recorded in a container: nothing is missing that strace has seen, and under the profile that was
// learnt, with the runtime's base and nothing else, the same server does the same work.
import { expect } from 'chai';
import { parseJson } from '../../src/core/json.ts';
import type { Profile } from '../../src/core/seccomp/model.ts';
import { renderOciText } from '../../src/core/seccomp/render.ts';
import { baseNames } from './base-examples.ts';
import type { CommandOutput } from './command-output.ts';
import { newContainerId } from './container-recordings.ts';
import { RecordedBesideStrace } from './recorded-beside-strace.ts';
import type { Workload } from './workloads.ts';
import { prepareWorkload, WORKLOADS } from './workloads.ts';

const BASES = { runc: 'runc-v1.5.2', crun: 'crun-v1.8.1' } as const;

/** Runs of the recorded container beside the one that strace slows down: some calls depend on who is first. */
const RUNS = 3;

for (const [name, profile] of Object.entries(BASES)) {
  describe(`servers in a container of ${name}`, function () {
    this.timeout(240_000);
    let both: RecordedBesideStrace;

    before(async () => {
      both = await RecordedBesideStrace.open(name);
    });
    after(() => both.close());

    function bundleOf({ script, files, user }: Workload, seccomp?: unknown): string {
      return both.containers.bundle(['/bin/bash', '-c', script], { user, seccomp }, (configuration, bundle) => {
        prepareWorkload(configuration, bundle, files);
      });
    }

    async function recordedNames(workload: Workload): Promise<readonly string[]> {
      const id = newContainerId();
      const { status, text } = await both.containers.run(bundleOf(workload), id);
      expect(status, text).to.equal(0);
      const { names, lost } = await both.events.recordingOf(id);
      expect(lost).to.deep.equal({});
      return names;
    }

    async function runUnder(workload: Workload, calls: Iterable<string>): Promise<CommandOutput> {
      const profileOfCalls: Profile = {
        defaultAction: 'SCMP_ACT_ERRNO',
        architectures: [],
        flags: [],
        rules: [{ names: [...new Set([...baseNames(profile), ...calls])], action: 'SCMP_ACT_ALLOW', args: [] }],
      };
      const bundle = bundleOf(workload, parseJson(renderOciText(profileOfCalls)));
      return both.containers.run(bundle, newContainerId());
    }

    for (const workload of WORKLOADS) {
      it(`${workload.name}: has what strace has, and works under what was learnt`, async () => {
        const { names, traced } = await both.compared(bundleOf(workload), '/bin/bash');
        expect(names).to.deep.equal(traced);
        const learnt = new Set(names);
        for (let run = 0; run < RUNS; run += 1) for (const call of await recordedNames(workload)) learnt.add(call);
        const { status, text } = await runUnder(workload, learnt);
        expect(status, text).to.equal(0);
        learnt.delete(workload.vital);
        expect((await runUnder(workload, learnt)).status).to.not.equal(0);
      });
    }
  });
}
