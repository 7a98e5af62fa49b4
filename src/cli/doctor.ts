// SPDX-License-Identifier: Apache-2.0
// spoc doctor: whether this machine and a cluster have what profiles and recordings need, and what to do where not.
import { Command, Option } from 'commander';
import { findingsText, findingsValue } from '../core/doctor/report.ts';
import { FAILED_STATUS, statusOf } from '../core/doctor/finding.ts';
import { DEFAULT_KUBELET_DIR } from '../core/names.ts';
import { VERSION } from '../core/version.ts';
import { addClusterOptions, clusterOf } from './cluster.ts';
import type { Cluster, ClusterOptions } from './cluster.ts';
import type { Finish } from './command.ts';
import { diagnose } from './diagnosis.ts';
import type { DiagnosingMachine } from './diagnosis.ts';
import { UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface DoctorRequest {
  readonly kubeletDir: string | undefined;
  readonly cluster: Cluster | undefined;
  readonly namespace: string;
  readonly form: 'text' | 'json';
  /** Warnings and what is unknown count as failures. */
  readonly strict: boolean;
}

/** Looks, prints the findings, and ends with 0, or with FAILED_STATUS where one fails. */
export async function doctor(
  request: DoctorRequest,
  machine: DiagnosingMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const findings = await diagnose(request, machine).finally(() => request.cluster?.close());
  const value = findingsValue(findings, VERSION);
  terminal.print(request.form === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : findingsText(findings));
  return { type: 'status', status: statusOf(findings, request.strict) };
}

interface DoctorOptions extends ClusterOptions {
  readonly kubeletDir: string;
  /** False by --no-node. */
  readonly node: boolean;
  readonly output: 'text' | 'json';
  readonly strict?: boolean;
}

async function requestOf(options: DoctorOptions, machine: DiagnosingMachine): Promise<DoctorRequest> {
  if (!options.node && !options.cluster) throw new UserError('--no-node and --no-cluster leave nothing to look at');
  const cluster = await clusterOf(options, machine);
  if (!options.node && cluster === undefined) throw new UserError('there is no cluster to look at: give --kubeconfig');
  return {
    kubeletDir: options.node ? options.kubeletDir : undefined,
    cluster,
    namespace: options.namespace,
    form: options.output,
    strict: options.strict ?? false,
  };
}

/** The command and its options. */
export function doctorCommand(machine: DiagnosingMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('doctor')
    .alias('d')
    .summary('tell whether this machine and the cluster have what profiles need')
    .description(
      'Looks at this machine and, where there is a kubeconfig, at the operator in the cluster, changes nothing, and says ' +
        'what to do about what is not as it should be. After an uninstallation it names what is left. Ends with 0, or ' +
        `with ${String(FAILED_STATUS)} when a check fails.`,
    );
  return addClusterOptions(command)
    .option('--no-node', 'look at the cluster only')
    .option('--kubelet-dir <dir>', "the kubelet's directory", DEFAULT_KUBELET_DIR)
    .option('--strict', `end with ${String(FAILED_STATUS)} also for warnings and what is unknown`)
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (options: DoctorOptions) => {
      finish(await doctor(await requestOf(options, machine), machine, terminal));
    });
}
