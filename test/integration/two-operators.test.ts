// SPDX-License-Identifier: Apache-2.0
// Two operators in two namespaces, their managers as processes against a real API server: one works, the other one
// waits and says so, whichever of them that is, and however late it finds out.
import { expect } from 'chai';
import path from 'node:path';
import type { SecurityProfilesOperatorDaemon } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import {
  create,
  Installation,
  OPERATOR_NAMESPACE,
  RoleProcess,
  startBareControlPlane,
} from '../../tools/lab/operator.ts';
import { anyPort } from '../../tools/lab/ports.ts';

const SECOND = 'the-second';
const GROUP = '/apis/security-profiles-operator.x-k8s.io/v1alpha1';
const WAIT_S = 240;

describe('two operators in a cluster', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let first: Installation;
  let second: RoleProcess;

  const spodPath = (namespace: string): string =>
    `${GROUP}/namespaces/${namespace}/securityprofilesoperatordaemons/spod`;

  async function conditionOf(namespace: string, type: string) {
    const { body } = await plane.admin.request('GET', spodPath(namespace));
    const { status } = body as Partial<SecurityProfilesOperatorDaemon>;
    return status?.conditions?.find((condition) => condition.type === type);
  }

  /** Waits until a condition has the reason, or is not there where none is given. */
  async function reason(namespace: string, type: string, wanted: string | undefined): Promise<void> {
    let seen: string | undefined = 'not asked';
    const isSo = async (): Promise<boolean> => (seen = (await conditionOf(namespace, type))?.reason) === wanted;
    await until(isSo, WAIT_S, () => `the condition ${type} of ${namespace} is ${String(seen)}, not ${String(wanted)}`);
  }

  const daemonSets = async (namespace: string): Promise<number> => {
    const { body } = await plane.admin.request('GET', `/apis/apps/v1/namespaces/${namespace}/daemonsets`);
    return (body as { readonly items: readonly object[] }).items.length;
  };

  before(async () => {
    plane = await startBareControlPlane();
    first = await Installation.start(plane, { nodes: ['node'] });
    await create(plane, '/api/v1/namespaces', { metadata: { name: SECOND } });
    const ground = {
      bin: first.folder,
      logs: path.join(first.folder, 'log'),
      dieWithParent: true,
      note: () => undefined,
    };
    const program = { node: process.execPath, bundle: path.join(first.folder, 'bundle/main.cjs') };
    second = new RoleProcess(ground, program, ['manager', 'second'], {
      KUBECONFIG: plane.kubeconfig,
      OPERATOR_NAMESPACE: SECOND,
      METRICS_CERT_DIR: path.join(first.folder, 'second'),
      HEALTH_PORT: String(await anyPort()),
      METRICS_PORT: String(await anyPort()),
      POD_NAME: 'second',
    });
  });

  after(async () => {
    await second.end();
    await first.stop();
    await plane.stop();
  });

  it('has the later one wait, both say so, and the older one go on', async () => {
    await second.start();
    await reason(SECOND, 'Ready', 'OperatorConflict');
    await reason(OPERATOR_NAMESPACE, 'OnlyOperator', 'OperatorConflict');
    expect((await conditionOf(OPERATOR_NAMESPACE, 'Ready'))?.reason).to.not.equal('OperatorConflict');
    expect([await daemonSets(OPERATOR_NAMESPACE), await daemonSets(SECOND)]).to.deep.equal([1, 0]);
    expect([first.manager.deaths, second.deaths]).to.deep.equal([[], []]);
  });

  it('has the later one begin when the older one’s spod has gone', async () => {
    const { body } = await plane.admin.request('GET', spodPath(OPERATOR_NAMESPACE));
    const { apiVersion, kind, spec } = body as SecurityProfilesOperatorDaemon;
    await plane.admin.request('DELETE', spodPath(OPERATOR_NAMESPACE));
    await until(
      async () => (await daemonSets(SECOND)) === 1,
      WAIT_S,
      () => 'the second operator makes no daemons',
    );
    await reason(SECOND, 'OnlyOperator', undefined);
    // The first is there and runs; its new object is the younger one.
    const metadata = { name: 'spod', namespace: OPERATOR_NAMESPACE };
    await create(plane, path.dirname(spodPath(OPERATOR_NAMESPACE)), { apiVersion, kind, metadata, spec });
    await until(
      async () => first.manager.deaths.length === 1,
      WAIT_S,
      () => 'the first manager goes on beside the second',
    );
    expect(first.manager.deaths[0]).to.match(/^manager ended with .*0/);
    await first.manager.start();
    await reason(OPERATOR_NAMESPACE, 'Ready', 'OperatorConflict');
  });

  it('has the one that waits begin when the other is removed with its spod, and nothing is said any more', async () => {
    await second.end('SIGTERM');
    await plane.admin.request('DELETE', spodPath(SECOND));
    await until(
      async () => (await conditionOf(OPERATOR_NAMESPACE, 'Ready'))?.reason !== 'OperatorConflict',
      WAIT_S,
      () => 'the first operator waits for one that is gone',
    );
    await reason(OPERATOR_NAMESPACE, 'OnlyOperator', undefined);
  });
});
