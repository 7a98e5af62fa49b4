// SPDX-License-Identifier: Apache-2.0
// The JSON enricher on a real node: one line for each program, with its arguments and the request that started it.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { expect } from 'chai';
import { AUDIT_LOG_DIR } from '../../src/core/names.ts';
import { startAuditWriter } from './audit-writer.ts';
import { inNamespace, OPERATOR_NAMESPACE, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

interface Line {
  readonly auditID: string;
  readonly cmdLine: string;
  readonly executable: string;
  readonly requestUID?: string;
  readonly resource: object;
  readonly syscalls: readonly string[];
  readonly uid: number;
}

describe('the JSON enricher', function () {
  this.timeout(600_000);
  const namespace = 'e2e-json-enricher';
  const file = `${AUDIT_LOG_DIR}/e2e.json`;
  let cluster: Cluster;
  let endAudit: (() => void) | undefined;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    endAudit = await startAuditWriter();
    cluster.patchSpod({ enableJsonEnricher: true, jsonEnricherOptions: { auditLogIntervalSeconds: 1 } });
    const rule = { action: 'SCMP_ACT_LOG', names: ['mkdir', 'mkdirat'] };
    cluster.apply(seccompProfile(namespace, 'log-mkdir', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    await cluster.until('the enricher', log, (text) => text.includes('Reading from file'));
    await cluster.untilProfile(namespace, 'log-mkdir', 'Installed');
    await cluster.until('the webhook', webhooks, (text) => text.includes('execmetadata.spo.io'));
    cluster.apply(shellPod(namespace, 'web', 'sleep 600', `operator/${namespace}/log-mkdir.json`));
    cluster.kubectl(['-n', namespace, 'wait', '--for=condition=ready', 'pod/web', '--timeout=240s']);
  });

  after(async () => {
    cluster.patchSpod({ enableJsonEnricher: null, jsonEnricherOptions: null });
    await cluster.untilRunning();
    await cluster.until('the end of the webhook', webhooks, (text) => !text.includes('execmetadata.spo.io'));
    endAudit?.();
    rmSync(file, { force: true });
  });

  const log = (): string =>
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'json-enricher']).stdout;

  const webhooks = (): string =>
    cluster.tryKubectl(['get', 'mutatingwebhookconfigurations', '-o', 'jsonpath={.items[*].webhooks[*].name}']).stdout;

  const exec = (...command: readonly string[]): string =>
    cluster.kubectl(['-n', namespace, 'exec', 'web', '--', ...command]);

  const linesIn = (text: string): readonly Line[] =>
    text.split('\n').flatMap((line) => (line.startsWith('{"auditID"') ? [JSON.parse(line) as Line] : []));

  it('tells arguments, user and request of a program that ended at once', async () => {
    // The shell of busybox makes directories itself, unless another program is asked to.
    const said = exec('sh', '-c', 'env; exec env mkdir /tmp/one');
    const request = /^SPO_EXEC_REQUEST_UID=([0-9a-f-]{36})$/m.exec(said)?.[1];
    expect(request).to.be.a('string');
    const isOfRequest = ({ requestUID, cmdLine }: Line) => requestUID === request && cmdLine === 'mkdir /tmp/one';
    const lines = await cluster.until(
      'the line',
      () => linesIn(log()).filter(isOfRequest),
      (found) => found.length > 0,
    );
    expect(lines).to.have.lengthOf(1);
    expect(lines[0]).to.deep.include({ uid: 0, resource: { container: 'shell', namespace, pod: 'web' } });
    expect(lines[0]?.syscalls.join()).to.match(/^mkdir(?:at)?$/);
    expect(lines[0]?.auditID).to.match(/^[0-9a-f-]{36}$/);
  });

  it('writes a file of the node instead, with only what a rule lets pass', async () => {
    const rules = [
      { priority: 1, matchKeys: ['requestUID', 'resource/pod'] },
      { priority: 2, level: 'None', matchKeys: ['version'] },
    ];
    const jsonEnricherOptions = { auditLogIntervalSeconds: 1, auditLogPath: file };
    cluster.patchSpod({ jsonEnricherOptions, jsonEnricherFilters: JSON.stringify(rules) });
    await cluster.until('the options', enricherEnv, (text) => text.includes(file));
    await cluster.untilRunning();
    await cluster.until('the enricher', log, (text) => text.includes('Reading'));
    cluster.apply(shellPod(namespace, 'quiet', 'mkdir /tmp/unasked', `operator/${namespace}/log-mkdir.json`));
    await cluster.until(
      'its end',
      () => phaseOf('quiet'),
      (phase) => phase === 'Succeeded',
    );
    exec('mkdir', '/tmp/two');
    const lines = await cluster.until(
      'the line',
      () => (existsSync(file) ? linesIn(readFileSync(file, 'utf8')) : []),
      (found) => found.some(({ cmdLine }) => cmdLine === 'mkdir /tmp/two'),
    );
    expect(lines.map(({ cmdLine }) => cmdLine).join()).not.to.include('unasked');
    expect(lines.every(({ requestUID }) => requestUID !== undefined)).to.equal(true);
    expect(linesIn(log())).to.deep.equal([]);
  });

  const phaseOf = (pod: string): string => cluster.value('pod', pod, namespace, '{.status.phase}');

  function enricherEnv(): string {
    const path = '{.items[*].spec.containers[?(@.name=="json-enricher")].env[?(@.name=="AUDIT_LOG_PATH")].value}';
    const pods = ['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', `jsonpath=${path}`];
    return cluster.tryKubectl(pods).stdout;
  }
});
