// SPDX-License-Identifier: Apache-2.0
// Control groups by thousands, more than the recorder of containers has room for. Beside other recorders these would
// count as lost what is told here, so nothing that records containers runs meanwhile (tools/test/plan.ts).
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { ContainerEvents, Containers, newContainerId, unifiedFolder } from './container-recordings.ts';

/** Calls that nothing else in a container makes: getpgrp, getsid, personality, sched_get_priority_max and the like. */
const RARE = [111, 124, 135, 146, 147, 160, 186, 201];
const GETPGRP = 111;

describe('container_recorder in a crowd', function () {
  this.timeout(180_000);
  let folder: string;
  let containers: Containers;
  let events: ContainerEvents;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-crowd-'));
    containers = new Containers(await openRuntime('runc'), folder);
  });
  after(async () => {
    await containers.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    events = new ContainerEvents();
    await events.attach();
  });
  afterEach(() => events.stop());

  it('keeps a hundred containers apart that are there at once', async () => {
    const wanted = Array.from({ length: 100 }, (_, at) => ({ id: newContainerId(), number: RARE[at % RARE.length] }));
    for (const { id, number } of wanted)
      await containers.create(containers.bundle(['/bin/call', `native:${String(number)}`]), id);
    await Promise.all(wanted.map(({ id }) => containers.call('start', id)));
    for (const { id, number } of wanted) {
      const { numbers, lost } = await events.recordingOf(id);
      const found = RARE.filter((one) => Object.values(numbers).flat().includes(one));
      expect([found, lost]).to.deep.equal([[number], {}]);
      events.recorder.forget(await events.keyOf(id));
      await containers.call('delete', '--force', id);
    }
  });

  it('inherits no call where ten thousand control groups come and go', async function () {
    const unified = unifiedFolder();
    if (unified === undefined) this.skip();
    // Slots that were used, by a container that still calls when they are given away.
    const busy = newContainerId();
    const loop = containers.bundle(['/bin/processes', 'restless']);
    const container = containers.started(loop, busy);
    const end = once(container, 'close');
    while (!(await events.read(busy)).names.includes('getpriority'));
    events.recorder.forget(await events.keyOf(busy));
    for (let round = 0; round < 100; round += 1) {
      const ids = Array.from({ length: 100 }, newContainerId);
      for (const id of ids) mkdirSync(path.join(unified, id));
      for (const id of ids) rmdirSync(path.join(unified, id));
      for (const id of ids) {
        const { key, types } = await events.recordingOf(id);
        expect(types).to.deep.equal(['container', 'ended', 'complete']);
        events.recorder.forget(key);
      }
      events.all.length = 0;
    }
    expect(container.exitCode).to.equal(null);
    await containers.call('delete', '--force', busy);
    await end;
  });

  it('counts containers that there is no room for, and takes others when there is again', async function () {
    const unified = unifiedFolder();
    if (unified === undefined) this.skip();
    const ids = Array.from({ length: 1200 }, newContainerId);
    const lost = () => events.all.findLast((event) => event.type === 'lost');
    const known = () => events.all.filter(({ type }) => type === 'container').length;
    const makeTooMany = async (): Promise<void> => {
      const made = ids.map((id) => path.join(unified, id));
      const before = known() + Number(lost()?.count ?? 0);
      try {
        for (const group of made) mkdirSync(group);
        await events.until(() => known() + Number(lost()?.count ?? 0) >= before + ids.length);
      } finally {
        for (const group of made) rmdirSync(group);
      }
    };
    await makeTooMany();
    expect(known()).to.be.greaterThan(900);
    expect(lost()).to.deep.include({ key: 0n, reason: 'container' });
    for (const event of events.all) if (event.type === 'container') events.recorder.forget(event.key);
    const id = newContainerId();
    events.recorder.read(1n);
    await events.until(() => events.of(1n).length > 0);
    await containers.run(containers.bundle(['/bin/call', `native:${String(GETPGRP)}`]), id);
    expect((await events.recordingOf(id)).names).to.include('getpgrp');
    // The count goes on when the hooks are taken anew.
    const before = Number(lost()?.count);
    events.recorder.detach();
    events.recorder.attach();
    await events.until(() => events.all.at(-1)?.type === 'attached');
    await makeTooMany();
    expect(Number(lost()?.count)).to.be.greaterThan(before + 100);
  });
});
