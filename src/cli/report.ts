// SPDX-License-Identifier: Apache-2.0
// spoc report: everything that is known of how profiles were learnt, as a page to read, to print and to send.
import { Command } from 'commander';
import { reportPage } from '../core/evidence/report/page.ts';
import type { ClusterMachine } from './cluster.ts';
import { addObjectOptions, withObjects } from './cluster-objects.ts';
import type { ObjectOptions } from './cluster-objects.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { readWorkloads } from './learnt-profiles.ts';
import type { Workload } from './learnt-profiles.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface ReportRequest {
  readonly files: readonly string[];
  readonly outputFile: string;
  /** A file with earlier profiles of the same workloads; undefined for none. */
  readonly since: string | undefined;
}

async function earlierOf(request: ReportRequest, workloads: readonly Workload[], terminal: Terminal) {
  if (request.since === undefined) return new Map<Workload, Workload>();
  const earlier = await readWorkloads([request.since], terminal);
  const pairs = workloads.flatMap((workload) => {
    const only = workloads.length === 1 && earlier.length === 1 ? earlier[0] : undefined;
    const found = earlier.find(({ title, kind }) => title === workload.title && kind === workload.kind) ?? only;
    return found === undefined ? [] : [[workload, found] as const];
  });
  if (pairs.length === 0)
    throw new UserError(`--since: ${request.since} holds an earlier profile of none of the workloads`);
  return new Map(pairs);
}

/**
 * Writes the report.
 * @throws UserError, InvalidProfile as readWorkloads
 */
export async function report(request: ReportRequest, terminal: Terminal): Promise<ExitResult> {
  const output = await terminal.files.openOutput(request.outputFile);
  const workloads = await readWorkloads(request.files, terminal);
  const earlier = await earlierOf(request, workloads, terminal);
  const page = reportPage(
    workloads.map((workload) => ({
      title: workload.title,
      profiles: workload.profiles,
      earlier: earlier.get(workload)?.profiles ?? [],
    })),
  );
  await output.write(page);
  terminal.log(`Wrote report to: ${request.outputFile}`);
  return SUCCESS;
}

interface ReportOptions extends ObjectOptions {
  readonly outputFile: string;
  readonly since?: string;
}

/** The command and its options. */
export function reportCommand(machine: ClusterMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('report')
    .summary('write a page on how recorded profiles were learnt')
    .description(
      'Reads recorded profiles and writes one HTML file without scripts, which needs no network: whether anything was lost, how ' +
        'the set of calls grew with the recordings, which recording has seen which call, and where they were made.',
    )
    .addArgument(
      new FileArgument(
        '<files...>',
        'profiles, as kubectl get -o yaml prints them, too; - is standard input; seccompprofile/web or profilerecording/web ' +
          'of a cluster, as kubectl names them',
      ),
    )
    .option('-o, --output-file <file>', 'where to write it', 'report.html')
    .option('--since <file>', 'earlier profiles of the same workloads, to tell what has changed')
    .action(async (files: readonly string[], options: ReportOptions) => {
      const { outputFile, since } = options;
      finish(await withObjects(options, machine, terminal, (r) => report({ files, outputFile, since }, r)));
    });
  return addObjectOptions(command);
}
