// SPDX-License-Identifier: Apache-2.0
// The events that a daemon may write, in a real API server: its own, about pods, in the name of its node.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { daemonEventPolicy } from '../../src/core/deploy/daemon-event-policy.ts';
import { grants } from '../../src/core/deploy/rbac.ts';
import { SPOD } from '../../src/core/names.ts';
import { EVENT_RULE } from '../../src/runtime/rules.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { Identity } from '../../tools/lab/identities.ts';
import { until } from '../../tools/lab/launch.ts';
import { OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';
import { daemonOf } from './daemon-identity.ts';
import { sharedPlane } from './shared-plane.ts';

const EVENTS = '/api/v1/namespaces/default/events';
const COMPONENT = 'recorded-pods';

describe('the policy for events of daemons', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let serial = 0;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, ['node-a', 'node-b']);
    const granted = { account: SPOD, namespace: OPERATOR_NAMESPACE, watched: [], rules: [EVENT_RULE] };
    const items = [...grants(granted), ...daemonEventPolicy(OPERATOR_NAMESPACE)];
    const file = path.join(plane.folder, 'event-policy.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
  });

  function event(more: object = {}): object {
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `event-${String((serial += 1))}`, namespace: 'default' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'default' },
      type: 'Normal',
      reason: 'ProfileCreated',
      message: 'm',
      count: 1,
      source: { component: COMPONENT, host: 'node-a' },
      reportingComponent: COMPONENT,
      reportingInstance: 'node-a',
      ...more,
    };
  }

  const post = async ({ client }: Pick<Identity, 'client'>, object: object): Promise<number> =>
    (await client.request('POST', EVENTS, object)).status;

  it('lets a daemon tell of pods with our reasons, and say nothing as another component, node or about other objects', async () => {
    const daemon = await daemonOf(plane, 'node-a');
    const foreign = event({ reportingComponent: 'kubelet', source: { component: 'kubelet' }, reason: 'Killing' });
    // Before its role is known it is refused all of them.
    const isInForce = async (): Promise<boolean> =>
      (await post(daemon, event())) === 201 &&
      (await post(daemon, { ...foreign, ...event(), ...{ reason: 'Killing' } })) === 403;
    await until(isInForce, 120, () => 'a daemon may still write any event, or none');
    const others: readonly object[] = [
      foreign,
      event({ involvedObject: { apiVersion: 'v1', kind: 'Node', name: 'node-b' } }),
      event({ reportingInstance: 'node-b', source: { component: COMPONENT, host: 'node-b' } }),
      event({ reportingComponent: 'scheduler' }),
      event({ source: { component: 'scheduler' } }),
      event({ reason: 'FailedScheduling' }),
    ];
    for (const other of others) expect(await post(daemon, other), JSON.stringify(other)).to.equal(403);
  });

  it('lets it count its own event, and change none of others', async () => {
    const daemon = await daemonOf(plane, 'node-a');
    const [own, theirs] = [
      event(),
      event({ reason: 'Scheduled', reportingComponent: 'scheduler', source: { component: 'scheduler' } }),
    ];
    expect(await post(daemon, own)).to.equal(201);
    expect(await post({ client: plane.admin }, theirs)).to.equal(201);
    const count = async (object: object): Promise<number> => {
      const { name } = (object as { readonly metadata: { readonly name: string } }).metadata;
      const patch = { count: 2, reason: 'ProfileCreated', reportingComponent: COMPONENT };
      return (await daemon.client.request('PATCH', `${EVENTS}/${name}`, patch, 'application/merge-patch+json')).status;
    };
    expect(await count(own)).to.equal(200);
    expect(await count(theirs)).to.equal(403);
  });
});
