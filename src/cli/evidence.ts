// SPDX-License-Identifier: Apache-2.0
// spoc evidence: how sure a recorded profile is. In how many recordings each call was seen, whether anything was lost,
// and the chance that the next recording shows something new.
import { Command, InvalidArgumentError, Option } from 'commander';
import { accountOf } from '../core/evidence/account.ts';
import type { EvidenceAccount } from '../core/evidence/account.ts';
import { accountLines, percent } from '../core/evidence/text.ts';
import { plainText } from '../core/plain-text.ts';
import type { ClusterMachine } from './cluster.ts';
import { addObjectOptions, withObjects } from './cluster-objects.ts';
import type { ObjectOptions } from './cluster-objects.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { readWorkloads } from './learnt-profiles.ts';
import type { Workload } from './learnt-profiles.ts';
import { SUCCESS } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface EvidenceRequest {
  readonly files: readonly string[];
  readonly output: 'text' | 'json';
  /** The upper end of the interval must not be beyond it; from 0 to 1. Undefined for any. */
  readonly maxChance: number | undefined;
  readonly minRecordings: number;
}

/** The status where a profile does not meet what is asked of it; 1 is trouble, 2 a wrong command line. */
const NOT_MET = 3;

/** Why the evidence does not do, a sentence each. */
function shortfalls(account: EvidenceAccount, { maxChance, minRecordings }: EvidenceRequest): readonly string[] {
  const { whole, recordings, chance } = account;
  const few = recordings < minRecordings;
  const isLikely = maxChance !== undefined && (chance === undefined || chance.high > maxChance);
  return [
    ...(whole.answer === 'yes' ? [] : [whole.answer === 'no' ? 'it is not whole' : 'it is not known to be whole']),
    ...(few ? [`${String(recordings)} recordings are fewer than ${String(minRecordings)}`] : []),
    ...(isLikely ? [`the chance of something new may be more than ${percent(maxChance)}`] : []),
  ];
}

function textOf({ title }: Workload, account: EvidenceAccount): string {
  return `${title}\n${accountLines(account)
    .map((line) => `  ${line}\n`)
    .join('')}`;
}

/**
 * Prints the evidence of each workload. The status is 3 where one is not whole, or short of what is asked.
 * @throws UserError, InvalidProfile as readWorkloads
 */
export async function evidence(request: EvidenceRequest, terminal: Terminal): Promise<ExitResult> {
  const workloads = await readWorkloads(request.files, terminal);
  const accounts = workloads.map((workload) => ({ workload, account: accountOf(workload.profiles) }));
  if (request.output === 'json') {
    const values = accounts.map(({ workload: { title, kind }, account }) => ({ workload: title, kind, ...account }));
    terminal.print(`${JSON.stringify(values, undefined, 2)}\n`);
  } else terminal.print(plainText(accounts.map(({ workload, account }) => textOf(workload, account)).join('\n')));
  const short = accounts.flatMap(({ workload: { title }, account }) =>
    shortfalls(account, request).map((reason) => `${title}: ${reason}`),
  );
  for (const reason of short) terminal.log(reason);
  return short.length === 0 ? SUCCESS : { type: 'status', status: NOT_MET };
}

function chanceOption(text: string): number {
  const [, digits, isPercent] = /^(\d+(?:\.\d+)?) ?(%)?$/.exec(text) ?? [];
  const value = Number(digits) / (isPercent === undefined ? 1 : 100);
  if (!(value <= 1)) throw new InvalidArgumentError('It must be a chance, such as 0.05 or 5%.');
  return value;
}

function countOption(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, such as 5.');
  return Number(text);
}

interface EvidenceOptions extends ObjectOptions {
  readonly output: 'text' | 'json';
  readonly maxChance?: number;
  readonly minRecordings: number;
}

/** The command and its options. */
export function evidenceCommand(machine: ClusterMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('evidence')
    .summary('tell how sure a recorded profile is')
    .description(
      'Reads recorded profiles, several of one workload together, and tells whether anything was lost, in how many recordings ' +
        'each call was seen, and the chance that the next recording shows a new one. Ends with 3 if a recording is not known ' +
        'to be whole, or the profile falls short of --min-recordings or --max-chance.',
    )
    .addArgument(
      new FileArgument(
        '<files...>',
        'profiles, as kubectl get -o yaml prints them, too; - is standard input; seccompprofile/web or profilerecording/web ' +
          'of a cluster, as kubectl names them',
      ),
    )
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--max-chance <chance>', 'the highest chance of something new, such as 5%').argParser(chanceOption),
    )
    .addOption(new Option('--min-recordings <number>', 'the fewest recordings').argParser(countOption).default(1))
    .action(async (files: readonly string[], options: EvidenceOptions) => {
      const { output, maxChance, minRecordings } = options;
      const request = { files, output, maxChance, minRecordings };
      finish(await withObjects(options, machine, terminal, (reading) => evidence(request, reading)));
    });
  return addObjectOptions(command);
}
