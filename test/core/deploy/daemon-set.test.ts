// SPDX-License-Identifier: Apache-2.0
// The DaemonSet of a spod object: golden files for the whole, statements for what must never change by accident.
import { expect } from 'chai';
import type { DaemonContext } from '../../../src/core/deploy/daemon-context.ts';
import { daemonSet, ownerOf } from '../../../src/core/deploy/daemon-set.ts';
import { defaultSpod } from '../../../src/core/deploy/spod.ts';
import type { SecurityProfilesOperatorDaemonSpec } from '../../../src/gen/crd/security-profiles-operator-daemon.ts';
import { expectGolden } from './golden.ts';

const spod = defaultSpod('security-profiles-operator');

const context: DaemonContext = {
  namespace: 'security-profiles-operator',
  image: 'registry.example/security-profiles-operator:v1',
  imagePullPolicy: 'IfNotPresent',
  kubeletDir: '/var/lib/kubelet',
  kubeletDirs: '',
  restrictTo: [],
  profilesHash: 'abc',
  owner: ownerOf({ ...spod, metadata: { ...spod.metadata, uid: 'u-1' } }),
};

interface Rendered {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly hostPID?: boolean;
        readonly initContainers: readonly Container[];
        readonly containers: readonly Container[];
        readonly volumes: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
        readonly [field: string]: unknown;
      };
    };
  };
}

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly command?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: unknown;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

function render(spec: SecurityProfilesOperatorDaemonSpec, more: Partial<DaemonContext> = {}): Rendered {
  return JSON.parse(JSON.stringify(daemonSet(spec, { ...context, ...more }))) as Rendered;
}

const pod = (rendered: Rendered) => rendered.spec.template.spec;
const daemon = (rendered: Rendered): Container => pod(rendered).containers[0]!;
const variable = (container: Container, name: string): string | undefined =>
  container.env.find((entry) => entry.name === name)?.value;

describe('core/deploy/daemon-set', () => {
  it('lets one program load AppArmor profiles where they are asked for', () => {
    const plain = daemon(render({}));
    expect(plain.securityContext['capabilities']).to.deep.equal({ drop: ['ALL'] });
    expect(variable(plain, 'HOST_SECURITYFS')).to.equal(undefined);
    const rendered = render({ enableAppArmor: true });
    const loading = daemon(rendered);
    expect(loading.securityContext).to.deep.equal({
      ...plain.securityContext,
      allowPrivilegeEscalation: true,
      capabilities: { drop: ['ALL'], add: ['MAC_ADMIN', 'SETGID'] },
    });
    expect(variable(loading, 'HOST_SECURITYFS')).to.equal('/host/securityfs');
    expect(loading.volumeMounts.slice(plain.volumeMounts.length)).to.deep.equal([
      { name: 'host-securityfs-volume', mountPath: '/host/securityfs' },
      { name: 'host-apparmor-disable-volume', mountPath: '/host/apparmor-disable', readOnly: true },
    ]);
    const paths = pod(rendered).volumes.flatMap(({ hostPath }) => hostPath?.path ?? []);
    expect(paths).to.include.members(['/sys/kernel/security', '/etc/apparmor.d/disable']);
  });

  it('is the golden DaemonSet for the default spod', () => {
    expectGolden('daemon-set-default', daemonSet(spod.spec ?? {}, context));
  });

  it('is the golden DaemonSet with every option of the manual', () => {
    const spec: SecurityProfilesOperatorDaemonSpec = {
      verbosity: 1,
      enableProfiling: true,
      enableMemoryOptimization: true,
      selinuxTypeTag: 'unconfined_t',
      priorityClassName: 'my-priority-class',
      imagePullSecrets: [{ name: 'my-registry' }],
      tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['a'] }] }],
          },
        },
      },
      daemonResourceRequirements: {
        requests: { memory: '256Mi', cpu: '250m' },
        limits: { memory: '512Mi', cpu: '500m' },
      },
    };
    const more = { kubeletDir: '/mnt/kubelet', kubeletDirs: 'hash', restrictTo: ['one', 'two'] };
    expectGolden('daemon-set-options', daemonSet(spec, { ...context, ...more }));
  });

  it('is the golden DaemonSet with the log enricher', () => {
    const spec = { enableLogEnricher: true, hostProcVolumePath: '/proc/nested', enableProfiling: true };
    expectGolden('daemon-set-log-enricher', daemonSet(spec, context));
  });

  it('is the golden DaemonSet with the JSON enricher that writes a file', () => {
    const auditLogPath = '/var/log/security-profiles-operator/audit.json';
    const jsonEnricherOptions = { auditLogPath, auditLogIntervalSeconds: 10, auditLogMaxBackups: 0 };
    const jsonEnricherFilters = '[{"priority":1,"level":"None","matchKeys":["syscalls"]}]';
    expectGolden(
      'daemon-set-json-enricher',
      daemonSet({ enableJsonEnricher: true, jsonEnricherFilters, jsonEnricherOptions }, context),
    );
  });

  it('lets both enrichers look at the node through the same volumes, and writes no file unless it is asked for', () => {
    const { volumes, initContainers } = pod(render({ enableLogEnricher: true, enableJsonEnricher: true }));
    const names = volumes.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include.members(['host-log-volume', 'log-enricher-volume', 'json-enricher-volume']);
    expect(names).not.to.include('host-audit-log-volume');
    expect(variable(initContainers[0]!, 'AUDIT_LOG_DIR')).to.equal(undefined);
  });

  it('gives the log enricher three capabilities for the file of one program, and no root', () => {
    const { containers, hostPID } = pod(render({ enableLogEnricher: true }));
    expect(containers.map(({ name }) => name)).to.deep.equal(['security-profiles-operator', 'log-enricher']);
    expect(containers[1]?.securityContext).to.deep.include({
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65535,
      capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH', 'BPF', 'PERFMON'] },
    });
    expect(containers[1]?.volumeMounts.filter(({ name }) => name.startsWith('host-'))).to.deep.equal([
      { name: 'host-log-volume', mountPath: '/var/log', readOnly: true },
      { name: 'host-proc-volume', mountPath: '/host/proc', readOnly: true },
    ]);
    expect(hostPID).to.equal(undefined);
  });

  it('is the golden DaemonSet with the eBPF recorder', () => {
    const spec = { enableBpfRecorder: true, enableMemoryOptimization: true, enableProfiling: true };
    expectGolden('daemon-set-bpf-recorder', daemonSet(spec, context));
  });

  it('gives the eBPF recorder two capabilities for the file of one program, and nothing of the node', () => {
    const { containers, hostPID } = pod(render({ enableBpfRecorder: true }));
    expect(containers.map(({ name }) => name)).to.deep.equal(['security-profiles-operator', 'bpf-recorder']);
    expect(containers[1]?.securityContext).to.deep.include({
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65535,
      capabilities: { drop: ['ALL'], add: ['BPF', 'PERFMON'] },
      seccompProfile: { type: 'Localhost', localhostProfile: 'bpf-recorder.json' },
    });
    expect(containers[1]?.volumeMounts.map(({ name }) => name)).to.deep.equal([
      'bpf-recorder-volume',
      'kube-api-access-volume',
    ]);
    expect(hostPID).to.equal(undefined);
  });

  it('is the golden DaemonSet with SELinux', () => {
    expectGolden('daemon-set-selinux', daemonSet({ enableSelinux: true, enableLogEnricher: true }, context));
  });

  it('gives selinuxd two capabilities for the file of one program, and no root', () => {
    const { containers } = pod(render({ enableSelinux: true, selinuxTypeTag: 'x_t' }));
    expect(containers.map(({ name }) => name)).to.deep.equal(['security-profiles-operator', 'selinuxd']);
    expect(containers[1]?.securityContext).to.deep.include({
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65535,
      capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] },
      seLinuxOptions: { type: 'x_t' },
    });
    const shared = containers.map(({ volumeMounts }) =>
      volumeMounts.map(({ mountPath }) => mountPath).filter((mount) => /selinux(\.d|d)$/.test(mount)),
    );
    expect(shared).to.deep.equal(Array.from({ length: 2 }, () => ['/etc/selinux.d', '/var/run/selinuxd']));
  });

  it("speaks to the nodes' own selinuxd where they have one", () => {
    const rendered = render({ enableSelinux: true, useNodeSelinuxd: true, enableLogEnricher: true });
    const { containers, volumes } = pod(rendered);
    expect(containers.map(({ name }) => name)).not.to.include('selinuxd');
    expect(volumes).to.deep.include.members(
      [
        ['selinux-drop-dir', '/etc/selinux.d'],
        ['selinuxd-private-volume', '/var/run/selinuxd'],
      ].map(([name, path]) => ({ name, hostPath: { path, type: 'DirectoryOrCreate' } })),
    );
    const values = ['SELINUXD_SOCKET', 'SELINUX_POLICIES', 'SELINUX_RECORDING'].map((name) =>
      variable(daemon(rendered), name),
    );
    expect(values).to.deep.equal(['/var/run/selinuxd/selinuxd.sock', '/etc/selinux.d', 'true']);
    expect(variable(daemon(render({ enableSelinux: true })), 'SELINUX_RECORDING')).to.equal(undefined);
    expect(JSON.stringify(render({ useNodeSelinuxd: true }))).not.to.include('selinux.d');
  });

  it('hands the rules of the log enricher on, unless they mean nothing', () => {
    const rules = (logEnricherFilters: string) =>
      variable(pod(render({ enableLogEnricher: true, logEnricherFilters })).containers[1]!, 'ENRICHER_FILTERS');
    const good = '[{"priority":1,"level":"None","matchKeys":["pod"]}]';
    expect(rules(good)).to.equal(good);
    expect(rules('[{')).to.equal(undefined);
  });

  it('runs nothing with privilege but one compiled program, and that with three capabilities', () => {
    const rendered = render({});
    for (const container of pod(rendered).containers) {
      expect(container.securityContext).to.deep.include({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        runAsUser: 65535,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'Localhost', localhostProfile: 'security-profiles-operator.json' },
      });
    }
    const [enabler] = pod(rendered).initContainers;
    expect(enabler?.command).to.deep.equal(['/opt/spo/non_root_enabler']);
    expect(enabler?.securityContext).to.deep.include({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['CHOWN', 'FOWNER', 'DAC_OVERRIDE'] },
    });
    expect(JSON.stringify(rendered)).to.not.contain('privileged":true');
    expect(pod(rendered).hostPID).to.equal(undefined);
  });

  it('mounts no more of the host than two directories, unless a node has its own kubelet directory', () => {
    const paths = (rendered: Rendered) => pod(rendered).volumes.flatMap((volume) => volume.hostPath?.path ?? []);
    expect(paths(render({}))).to.deep.equal(['/var/lib/security-profiles-operator', '/var/lib/kubelet/seccomp']);
    expect(paths(render({}, { kubeletDirs: 'hash' }))).to.include('/');
    expect(daemon(render({}, { kubeletDirs: 'hash' })).volumeMounts.map((mount) => mount.name)).to.not.include(
      'host-root-volume',
    );
  });

  it("asks for the node's label without privilege, and hands the answer to the one who has it", () => {
    const byNode = pod(render({}, { kubeletDirs: 'hash' })).initContainers;
    expect(byNode.map(({ name }) => name)).to.deep.equal(['kubelet-directory', 'non-root-enabler']);
    const [asks, enabler] = byNode;
    expect(asks?.securityContext).to.deep.include({ runAsNonRoot: true, capabilities: { drop: ['ALL'] } });
    expect(asks?.volumeMounts.map((mount) => mount.name)).to.deep.equal([
      'kubelet-directory-volume',
      'kube-api-access-volume',
    ]);
    const file = variable(asks!, 'KUBELET_DIR_FILE');
    expect(file).to.equal(variable(enabler!, 'KUBELET_DIR_FILE'));
    expect(file).to.match(new RegExp(`^${asks!.volumeMounts[0]!.mountPath}/[a-z-]+$`));
    expect(enabler!.volumeMounts.find(({ name }) => name === 'kubelet-directory-volume')).to.include({
      readOnly: true,
    });
    expect(pod(render({})).initContainers.map(({ name }) => name)).to.deep.equal(['non-root-enabler']);
  });

  it('gives the token of the account to those who speak to the API server, and not to the one who is root', () => {
    for (const kubeletDirs of ['', 'hash']) {
      const { initContainers, containers, automountServiceAccountToken } = pod(render({}, { kubeletDirs }));
      expect(automountServiceAccountToken).to.equal(false);
      const holders = [...initContainers, ...containers].filter(({ volumeMounts }) =>
        volumeMounts.some(({ mountPath }) => mountPath === '/var/run/secrets/kubernetes.io/serviceaccount'),
      );
      const init = kubeletDirs === '' ? [] : ['kubelet-directory'];
      expect(holders.map(({ name }) => name)).to.deep.equal([...init, 'security-profiles-operator']);
    }
  });

  it('mounts only volumes that it has', () => {
    for (const kubeletDirs of ['', 'hash']) {
      const { initContainers, containers, volumes } = pod(render({}, { kubeletDirs }));
      const names = volumes.map((volume) => volume.name);
      const mounted = [...initContainers, ...containers].flatMap(({ volumeMounts }) => volumeMounts);
      expect(new Set(mounted.map((mount) => mount.name))).to.deep.equal(new Set(names));
    }
  });

  it('hands every option of the spod object on', () => {
    expect(variable(daemon(render({ verbosity: 1 })), 'SPO_VERBOSITY')).to.equal('1');
    expect(variable(daemon(render({ enableProfiling: true })), 'SPO_PROFILING')).to.equal('true');
    expect(daemon(render({ enableMemoryOptimization: true })).args).to.include('--with-mem-optim=true');
    expect(daemon(render({})).args).to.deep.equal(['daemon']);
    expect(pod(render({ priorityClassName: 'p' }))['priorityClassName']).to.equal('p');
    expect(pod(render({}))['priorityClassName']).to.equal('system-node-critical');
    expect(pod(render({ imagePullSecrets: [{ name: 's' }] }))['imagePullSecrets']).to.deep.equal([{ name: 's' }]);
    expect(daemon(render({ selinuxTypeTag: 'x_t' })).securityContext['seLinuxOptions']).to.deep.equal({ type: 'x_t' });
  });

  it('puts the daemon where status.path says, in a kubelet directory of its own, too', () => {
    const own = daemon(render({}, { kubeletDir: '/mnt/kubelet' }));
    expect(own.volumeMounts[0]?.mountPath).to.equal('/mnt/kubelet/seccomp/operator');
    expect(variable(own, 'KUBELET_DIR')).to.equal('/mnt/kubelet');
  });
});
