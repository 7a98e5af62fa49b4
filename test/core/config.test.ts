// SPDX-License-Identifier: Apache-2.0
// Environment and arguments of the roles: defaults, and one sentence for each thing that cannot be meant.
import { expect } from 'chai';
import { parseDaemonSettings, parseManagerSettings, parseSettings } from '../../src/core/config.ts';
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

  it('reads the arguments', () => {
    const env = { NODE_NAME: 'n' };
    expect(parseDaemonSettings(['--with-mem-optim'], env).memoryOptimization).to.equal(true);
    expect(parseDaemonSettings(['--with-mem-optim=false'], env).memoryOptimization).to.equal(false);
    expect(parseManagerSettings(['--leader-elect=false'], {}).leaderElection).to.equal(false);
    expect(() => parseManagerSettings(['--nope'], {})).to.throw(RangeError, 'unknown argument --nope');
    expect(() => parseManagerSettings(['--leader-elect=no'], {})).to.throw(RangeError, 'must be true or false');
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
