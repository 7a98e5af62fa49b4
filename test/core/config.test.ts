// SPDX-License-Identifier: Apache-2.0
// Environment and arguments of the roles: defaults, and one sentence for each thing that cannot be meant.
import { expect } from 'chai';
import {
  parseDaemonSettings,
  parseManagerSettings,
  parseRecorderSettings,
  parseSettings,
  parseWebhookSettings,
} from '../../src/core/config.ts';
import { parseEnricherSettings, parseJsonEnricherSettings } from '../../src/core/enricher-config.ts';
import { IMAGE } from '../../src/core/deploy/image.ts';

describe('core/config', () => {
  it('has defaults for everything but the name of the node', () => {
    expect(parseDaemonSettings([], { NODE_NAME: 'worker-1' })).to.deep.equal({
      namespace: 'security-profiles-operator',
      restrictTo: [],
      kubeletDir: '/var/lib/kubelet',
      verbosity: 0,
      profilingPort: undefined,
      podName: '',
      ports: { metrics: 9443, health: 8085 },
      certificates: '/var/run/secrets/metrics',
      nodeName: 'worker-1',
      spodName: 'spod',
      memoryOptimization: false,
      asksForRecording: false,
      pageSockets: [],
      denialSocket: undefined,
      securityfs: undefined,
      selinuxd: undefined,
      selinuxRecording: undefined,
    });
    expect(() => parseDaemonSettings([], { NODE_NAME: ' ' })).to.throw(RangeError, 'NODE_NAME');
    expect(parseManagerSettings([], {})).to.include({
      leaderElection: true,
      image: IMAGE,
    });
  });

  it('reads what the manifests set', () => {
    const env = {
      OPERATOR_NAMESPACE: 'spo',
      RESTRICT_TO_NAMESPACE: 'one, two,one,',
      WATCH_NAMESPACE: 'ignored',
      KUBELET_DIR: '/mnt/kubelet/',
      SPO_VERBOSITY: '1',
      SPO_PROFILING: 'true',
      SPO_PROFILING_PORT: '6061',
      HEALTH_PORT: '1',
      METRICS_PORT: '2',
    };
    expect(parseSettings(env)).to.deep.include({
      namespace: 'spo',
      restrictTo: ['one', 'two'],
      kubeletDir: '/mnt/kubelet',
      verbosity: 1,
      profilingPort: 6061,
      ports: { health: 1, metrics: 2 },
    });
    expect(parseSettings({ WATCH_NAMESPACE: 'olm' }).restrictTo).to.deep.equal(['olm']);
  });

  it('tells the log enricher where the processes of the node are', () => {
    expect(parseEnricherSettings({ NODE_NAME: 'n' })).to.include({ nodeName: 'n', hostProc: '/proc' });
    const env = { NODE_NAME: 'n', HOST_PROC: '/host/proc', ENRICHER_SOCKET: '/s' };
    expect(parseEnricherSettings(env)).to.include({ hostProc: '/host/proc', socket: '/s' });
    expect(parseDaemonSettings([], { ...env, RECORDER_SOCKET: '/r' }).pageSockets).to.deep.equal(['/s', '/r']);
    expect(parseDaemonSettings([], { ...env, ENRICHER_SOCKET: '/e/m.sock' }).denialSocket).to.equal('/e/denials.sock');
    expect(() => parseEnricherSettings({})).to.throw(RangeError, 'NODE_NAME');
    const standard = { maxSize: 104_857_600, maxBackups: 10, maxAgeMs: undefined };
    const { auditLog } = parseJsonEnricherSettings({ NODE_NAME: 'n' });
    expect(auditLog).to.deep.equal({ intervalMs: 60_000, file: undefined, rotation: standard });
    const chosen = {
      AUDIT_LOG_INTERVAL_SECONDS: '5',
      AUDIT_LOG_PATH: '/l',
      AUDIT_LOG_MAX_SIZE: '1',
      AUDIT_LOG_MAX_AGE: '2',
    };
    expect(parseJsonEnricherSettings({ NODE_NAME: 'n', AUDIT_LOG_MAX_BACKUPS: '0', ...chosen }).auditLog).to.deep.equal(
      {
        intervalMs: 5000,
        file: '/l',
        rotation: { maxSize: 1_048_576, maxBackups: 0, maxAgeMs: 172_800_000 },
      },
    );
  });

  it('tells the eBPF recorder its node, its socket and which pods it looks at', () => {
    const env = { NODE_NAME: 'n', RECORDER_SOCKET: '/r' };
    expect(parseRecorderSettings(['--with-mem-optim=true'], env)).to.include({
      nodeName: 'n',
      socket: '/r',
      memoryOptimization: true,
    });
    expect(parseRecorderSettings([], { NODE_NAME: 'n' })).to.include({
      socket: '/var/run/spo-recorder/metrics.sock',
      memoryOptimization: false,
    });
    expect(() => parseRecorderSettings([], {})).to.throw(RangeError, 'NODE_NAME');
  });

  it('reads the arguments', () => {
    const env = { NODE_NAME: 'n' };
    expect(parseDaemonSettings(['--with-mem-optim'], env).memoryOptimization).to.equal(true);
    expect(parseDaemonSettings(['--with-mem-optim=false'], env).memoryOptimization).to.equal(false);
    for (const args of [['--with-recording'], ['--with-recording=true', '--with-mem-optim']])
      expect(parseDaemonSettings(args, env).asksForRecording).to.equal(true);
    expect(parseDaemonSettings(['--with-recording=false'], env).asksForRecording).to.equal(false);
    expect(parseManagerSettings(['--leader-elect=false'], {}).leaderElection).to.equal(false);
    expect(() => parseManagerSettings(['--nope'], {})).to.throw(RangeError, 'unknown argument --nope');
    expect(() => parseManagerSettings(['--leader-elect=no'], {})).to.throw(RangeError, 'must be true or false');
  });

  it('reads the arguments of the webhook, whose metrics are on a port of their own', () => {
    expect(parseWebhookSettings([], {})).to.deep.include({
      port: 9443,
      ports: { metrics: 9444, health: 8085 },
      isStatic: false,
      minVersion: 'TLSv1.2',
      webhookCertificates: '/var/run/secrets/webhook',
    });
    const env = { METRICS_PORT: '1', WEBHOOK_CERT_DIR: '/certs' };
    expect(parseWebhookSettings(['--static', '--port', '8443', '--tls-min-version=1.3'], env)).to.deep.include({
      port: 8443,
      ports: { metrics: 1, health: 8085 },
      isStatic: true,
      minVersion: 'TLSv1.3',
      webhookCertificates: '/certs',
    });
    for (const [words, message] of [
      [['--port'], '--port needs a value'],
      [['--port', 'x'], '--port must be a number'],
      [['--tls-min-version', '1.1'], '--tls-min-version must be 1.2 or 1.3'],
      [['--static=no'], '--static must be true or false'],
      [['extra'], 'unknown argument extra'],
    ] as const)
      expect(() => parseWebhookSettings(words, {}), words.join(' ')).to.throw(RangeError, message);
  });

  it('names the variable that cannot be meant', () => {
    for (const [name, value] of [
      ['KUBELET_DIR', 'relative'],
      ['KUBELET_DIR', '/a/../b'],
      ['KUBELET_DIR', '/'],
      ['SPO_VERBOSITY', 'loud'],
      ['SPO_PROFILING', 'yes'],
    ] as const) {
      expect(() => parseSettings({ [name]: value }), `${name}=${value}`).to.throw(RangeError, name);
    }
  });
});
