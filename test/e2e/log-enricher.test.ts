// SPDX-License-Identifier: Apache-2.0
// The manual's chapter on the log enricher, step by step: it is switched on, and the calls that a profile logs come out
// as lines and metrics with the names of pod and container. A small program stands in for auditd.
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import { syscallNumber } from '../../src/core/seccomp/syscalls.ts';
import { AUDIT_LOG, startAuditWriter } from './audit-writer.ts';
import { inNamespace, OPERATOR_NAMESPACE, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

/** Keys of a line, in the manual's order. */
const KEYS = 'container executable namespace node pid pod syscallID syscallName timestamp type'.split(' ');

describe('the log enricher of the manual', function () {
  this.timeout(600_000);
  const namespace = 'e2e-log-enricher';
  let cluster: Cluster;
  let endAudit: (() => void) | undefined;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    endAudit = await startAuditWriter();
    cluster.patchSpod({ enableLogEnricher: true });
    await cluster.until(
      'the enricher',
      () => log(),
      (text) => text.includes('Reading from file'),
    );
  });

  after(async () => {
    cluster.patchSpod({ enableLogEnricher: null });
    await cluster.untilRunning();
    await cluster.until(
      'the end of the profile',
      () => cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'get', 'sp', 'log-enricher-trace']).status,
      (status) => status !== 0,
    );
    endAudit?.();
  });

  const log = (): string =>
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'log-enricher']).stdout;

  const linesOf = (pod: string): readonly string[] =>
    log()
      .split('\n')
      .filter((line) => line.includes('"msg"="audit"') && line.includes(`"pod"="${pod}"`));

  function metrics(): string {
    const token = cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'create', 'token', 'default']).trim();
    const url = (address: string) => `https://${address}:9443/metrics-spod`;
    return cluster.askDaemon(url, '-H', `Authorization: Bearer ${token}`).stdout;
  }

  it('starts with the spod option, and says from which log it reads', async () => {
    await cluster.untilRunning();
    expect(log()).to.match(/ log-enricher "msg"="Starting log-enricher on node: [^"]+"/);
    expect(log()).to.include(`Reading from file ${AUDIT_LOG}`);
    const pods = ['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', 'json'];
    expect(cluster.kubectl(pods)).to.not.match(/"hostPID": true|"privileged": true/);
  });

  it('comes with a profile that logs every call', async () => {
    await cluster.untilProfile(OPERATOR_NAMESPACE, 'log-enricher-trace', 'Installed');
  });

  it('prints a logged call of a container with the keys of the manual', async () => {
    const rule = { action: 'SCMP_ACT_LOG', names: ['mkdir', 'mkdirat'] };
    cluster.apply(seccompProfile(namespace, 'log-mkdir', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    await cluster.untilProfile(namespace, 'log-mkdir', 'Installed');
    const command = 'mkdir /tmp/one; mkdir /tmp/two';
    cluster.apply(shellPod(namespace, 'log-pod', command, `operator/${namespace}/log-mkdir.json`));
    const lines = await cluster.until(
      'the line',
      () => linesOf('log-pod'),
      (found) => found.length > 0,
    );
    const values = Object.fromEntries(
      Array.from(lines[0]!.matchAll(/"([A-Za-z]+)"=("[^"]*"|\d+)/g), ([, key = '', value = '']) => [key, value]),
    );
    // Both calls may have come before the cluster told which pod the container belongs to.
    expect(Object.keys(values).filter((key) => key !== 'times')).to.deep.equal(['msg', ...KEYS]);
    const native = nativeArchitecture(process.arch)!;
    const call = syscallNumber(native, 'mkdir') === undefined ? 'mkdirat' : 'mkdir';
    expect(values).to.include({
      container: '"shell"',
      namespace: `"${namespace}"`,
      pod: '"log-pod"',
      syscallName: `"${call}"`,
      syscallID: String(syscallNumber(native, call)),
      type: '"seccomp"',
    });
    expect(values['executable']).to.match(/^"\/bin\/[a-z]+"$/);
    expect(values['timestamp']).to.match(/^"\d{10}\.\d{3}:\d+"$/);
  });

  it('counts it in the metrics of the daemon', async () => {
    const line = new RegExp(
      `^security_profiles_operator_seccomp_profile_audit_total\\{.*pod="log-pod".*syscall="mkdir(?:at)?".*\\} 2$`,
      'm',
    );
    await cluster.until('the metric', metrics, (text) => line.test(text));
  });

  it('has the profile say within seconds what it has denied, and what it has only logged', async () => {
    const rule = { action: 'SCMP_ACT_KILL_PROCESS', names: ['mkdir', 'mkdirat'] };
    cluster.apply(seccompProfile(namespace, 'kill-mkdir', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    await cluster.untilProfile(namespace, 'kill-mkdir', 'Installed');
    const said = (profile: string): string => {
      const condition = '{.status.conditions[?(@.type=="DenialsObserved")]';
      const path = `jsonpath=${condition}.status} ${condition}.reason} ${condition}.message}`;
      return cluster.tryKubectl(['-n', namespace, 'get', 'sp', profile, '-o', path.replaceAll('} {', '}{" "}{')])
        .stdout;
    };
    await cluster.until(
      'what is logged',
      () => said('log-mkdir'),
      (text) => text.startsWith('False CallsLogged logged, not denied: mkdir'),
    );
    const command = 'for i in 1 2 3 4 5 6 7 8 9; do mkdir /tmp/$i; done; sleep 600';
    cluster.apply(shellPod(namespace, 'denied', command, `operator/${namespace}/kill-mkdir.json`));
    const isDenied = (text: string) => /^True CallsDenied denied: mkdir(at)? \(\/bin\/[a-z]+ in /.test(text);
    await cluster.until('what is denied', () => said('kill-mkdir'), isDenied);
    const query = ['-n', namespace, 'get', 'events', '--field-selector', 'reason=DenialsObserved', '-o', 'name'];
    const events = () =>
      cluster
        .tryKubectl(query)
        .stdout.split('\n')
        .filter((line) => line !== '');
    await cluster.until('the event', events, (found) => found.length > 0);
    expect(events()).to.have.length(1);
  });

  it('prints no line that a rule hides, and counts it all the same', async () => {
    const rules = [{ priority: 1, level: 'None', matchKeys: ['syscallName'], matchValues: ['mkdir', 'mkdirat'] }];
    const spec = { logEnricherFilters: JSON.stringify(rules) };
    cluster.patchSpod(spec);
    const env = '{.items[*].spec.containers[1].env[?(@.name=="ENRICHER_FILTERS")].value}';
    const pods = ['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', `jsonpath=${env}`];
    await cluster.until(
      'the rules',
      () => cluster.tryKubectl(pods).stdout,
      (text) => text === spec.logEnricherFilters,
    );
    await cluster.untilRunning();
    await cluster.until('the enricher', log, (text) => text.includes('Reading'));
    cluster.apply(shellPod(namespace, 'quiet', 'mkdir /tmp/one', `operator/${namespace}/log-mkdir.json`));
    const line = /^security_profiles_operator_seccomp_profile_audit_total\{.*pod="quiet".*\} 1$/m;
    await cluster.until('the metric', metrics, (text) => line.test(text));
    expect(linesOf('quiet')).to.deep.equal([]);
    cluster.patchSpod({ logEnricherFilters: null });
    await cluster.until(
      'no rules',
      () => cluster.tryKubectl(pods).stdout,
      (text) => text === '',
    );
  });

  /** Number of the process that executes the auditor in the lab's container: other suites run one outside of pods. */
  function auditorPid(): number | undefined {
    const numbers = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
    const found = numbers.find((pid) => {
      try {
        const isAuditor = readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/opt/spo/auditor\0');
        return isAuditor && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes('kubepods');
      } catch {
        return false;
      }
    });
    return found === undefined ? undefined : Number(found);
  }

  /** A field of the log enricher's container in the status of the daemon's pod. */
  function enricherStatus(field: string): string {
    const path = `{.items[0].status.containerStatuses[?(@.name=="log-enricher")].${field}}`;
    return cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', `jsonpath=${path}`])
      .stdout;
  }

  it('starts a program that was killed again by itself, and goes on', async () => {
    await cluster.until('the rules are gone', log, (text) => text.includes('Reading'));
    await cluster.untilRunning();
    // One that has not lasted is left to the kubelet.
    const hasLasted = (began: string) => Date.now() - Date.parse(began) > 15_000;
    await cluster.until('a program that lasts', () => enricherStatus('state.running.startedAt'), hasLasted);
    const restarts = enricherStatus('restartCount');
    const pid = await cluster.until('the program', auditorPid, (found) => found !== undefined);
    process.kill(pid!, 'SIGKILL');
    await cluster.until('the next program', auditorPid, (found) => found !== undefined && found !== pid);
    cluster.apply(shellPod(namespace, 'meanwhile', 'mkdir /tmp/one', `operator/${namespace}/log-mkdir.json`));
    await cluster.untilPod(namespace, 'meanwhile', 'Succeeded');
    await cluster.until(
      'the line',
      () => linesOf('meanwhile'),
      (found) => found.length > 0,
    );
    expect(enricherStatus('restartCount')).to.equal(restarts);
  });

  it('prints every call under the logging profile of the manual, one by one with verbosity 1', async () => {
    cluster.patchSpod({ verbosity: 1 });
    await cluster.until('the enricher', log, (text) => text.includes('logging verbosity') && text.includes('Reading'));
    await cluster.untilRunning();
    cluster.apply(seccompProfile(namespace, 'log', { defaultAction: 'SCMP_ACT_LOG' }));
    await cluster.untilProfile(namespace, 'log', 'Installed');
    cluster.apply(shellPod(namespace, 'all', 'uname; mkdir /tmp/all', `operator/${namespace}/log.json`));
    const calls = await cluster.until(
      'the lines',
      () => linesOf('all').join('\n'),
      (text) => /"mkdir(at)?"/.test(text),
    );
    for (const call of ['execve', 'uname', 'exit_group']) expect(calls).to.include(`"syscallName"="${call}"`);
    cluster.patchSpod({ verbosity: null });
    await cluster.untilRunning();
  });
});
