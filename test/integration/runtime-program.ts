// SPDX-License-Identifier: Apache-2.0
// A whole operator's process, wired as a role wires it, for tests of how it starts and ends. It counts configuration
// maps that are labelled, and takes its time over it if it is told to: so many milliseconds (SLOW_MS), or until the
// process is to end (UNTIL_END), whose limits are so many times as long then (PATIENCE). KUBECONFIG and NAMESPACE are
// its other input.
import { Registry } from 'prom-client';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import { KubeConnection, loadKubeConfig } from '../../src/io/kube/connection.ts';
import { KubeTransport } from '../../src/io/kube/transport.ts';
import { createLog } from '../../src/io/log.ts';
import { CONFIG_MAP } from '../../src/runtime/kinds.ts';
import { RuntimeMetrics } from '../../src/runtime/metrics.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';

const {
  NAMESPACE: namespace = 'default',
  SLOW_MS: slow = '0',
  UNTIL_END: untilEnd,
  PATIENCE: patience = '1',
} = process.env;
const told = Promise.withResolvers<undefined>();
const clock: Clock = {
  ...SYSTEM_CLOCK,
  after: (ms, callback) => SYSTEM_CLOCK.after(ms * Number(patience), callback),
};
const log = createLog({ stream: process.stderr });
const metrics = new RuntimeMetrics(new Registry());
const kubeConfig = loadKubeConfig();
const connection = new KubeConnection(kubeConfig);
const transport = new KubeTransport(connection, {
  userAgent: 'program/1',
  onAnswer: (answer) => metrics.requested(answer),
});

const operator = SpoOperator.create({
  transport,
  clock,
  log,
  metrics,
  instance: 'program',
  kinds: [],
  namespaces: [namespace],
  kubeConfig,
  leader: { name: 'program', namespace, identity: 'program' },
});

operator.register({
  kind: CONFIG_MAP,
  name: 'counter',
  rules: [],
  selector: { labelSelector: 'count=yes' },
  apply: async (object) => {
    log.info('begun', { name: object.metadata.name });
    if (untilEnd !== undefined) await told.promise;
    await new Promise((resolve) => setTimeout(resolve, Number(slow)));
    const metadata = { name: `${object.metadata.name}-counted`, namespace };
    return { desired: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata }] };
  },
});

process.once('SIGTERM', () => {
  told.resolve(undefined);
  void operator.stop().then(() => process.exit(0));
});
await operator.start();
log.info('started', { ms: Math.round(performance.now()) });
