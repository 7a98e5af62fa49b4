// SPDX-License-Identifier: Apache-2.0
// spoc support-dump: one archive for those who help, with the findings of doctor, versions, and of a cluster what tells
// of the operator; no secrets, no values of environments, no tokens.
import { Command } from 'commander';
import { findingsText, findingsValue } from '../core/doctor/report.ts';
import { tarOf } from '../core/dump/tar.ts';
import type { ArchiveEntry } from '../core/dump/tar.ts';
import { textWithoutSecrets } from '../core/dump/leave-out.ts';
import { DEFAULT_KUBELET_DIR } from '../core/names.ts';
import { BUILD_TAGS, VERSION } from '../core/version.ts';
import { addClusterOptions, clusterOf } from './cluster.ts';
import type { Cluster, ClusterOptions } from './cluster.ts';
import type { Finish } from './command.ts';
import { diagnose } from './diagnosis.ts';
import type { DiagnosingMachine } from './diagnosis.ts';
import { supportFiles, valueFile } from './support-files.ts';
import { SUCCESS } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The folder that the archive makes. */
const FOLDER = 'spo-support';

const DEFAULT_FILE = `${FOLDER}.tar`;

const README = `A support dump of the Security Profiles Operator, by spoc support-dump.

doctor.txt, doctor.json  what spoc doctor says of the machine and the cluster
version.json, node.json  this program, and the facts of the machine
objects/                 profiles, bindings, recordings, reports, the spod
cluster/, definitions/   what runs in the operator's namespace, its events, nodes, webhooks, CRDs
logs/                    the last lines of each container, and of the run before it

Left out: Secrets as a whole; values of environment variables; tokens, passwords and private keys in other texts, as
far as they can be told by their form or their name. Look through it before you give it away: names of nodes,
namespaces and images are in it, and so are your profiles.
`;

/** The user's request. */
export interface DumpRequest {
  readonly outputFile: string;
  readonly kubeletDir: string;
  readonly cluster: Cluster | undefined;
  readonly namespace: string;
}

async function filesOf(request: DumpRequest, machine: DiagnosingMachine): Promise<readonly ArchiveEntry[]> {
  const { cluster, namespace, kubeletDir } = request;
  const findings = await diagnose(request, machine);
  return [
    { path: 'README.txt', text: README },
    { path: 'doctor.txt', text: textWithoutSecrets(findingsText(findings)) },
    valueFile('doctor.json', findingsValue(findings, VERSION)),
    valueFile('version.json', { version: VERSION, buildTags: BUILD_TAGS }),
    valueFile('node.json', await machine.examine(kubeletDir)),
    ...(cluster === undefined ? [] : await supportFiles(cluster, namespace)),
  ];
}

/** Writes the archive. */
export async function supportDump(
  request: DumpRequest,
  machine: DiagnosingMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const output = await terminal.files.openOutput(request.outputFile);
  const files = await filesOf(request, machine).finally(() => request.cluster?.close());
  const entries = files.map(({ path, text }) => ({ path: `${FOLDER}/${path}`, text }));
  await output.write(tarOf(entries, Math.floor(machine.time() / 1000)));
  const where =
    request.cluster === undefined ? 'this machine (no cluster)' : `this machine and ${request.cluster.server}`;
  terminal.log(`Wrote ${String(files.length)} files about ${where} to: ${request.outputFile}`);
  return SUCCESS;
}

interface DumpOptions extends ClusterOptions {
  readonly outputFile: string;
  readonly kubeletDir: string;
}

/** The command and its options. */
export function supportDumpCommand(machine: DiagnosingMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('support-dump')
    .summary('write an archive for those who help with trouble')
    .description(
      'Writes a tar archive with what spoc doctor says, objects of the operator, and logs and events of its namespace. ' +
        'Secrets, values of environment variables, tokens and passwords are left out.',
    )
    .option('-o, --output-file <file>', 'the archive; - is standard output', DEFAULT_FILE);
  return addClusterOptions(command)
    .option('--kubelet-dir <dir>', "the kubelet's directory", DEFAULT_KUBELET_DIR)
    .action(async (options: DumpOptions) => {
      const { outputFile, kubeletDir, namespace } = options;
      const cluster = await clusterOf(options, machine);
      finish(await supportDump({ outputFile, kubeletDir, cluster, namespace }, machine, terminal));
    });
}
