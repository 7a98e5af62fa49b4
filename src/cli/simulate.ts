// SPDX-License-Identifier: Apache-2.0
// spoc simulate: which calls that were made a profile would have denied, by traces of spoc record and by recorded
// profiles, before the profile is enforced anywhere.
import { Command, Option } from 'commander';
import { callsOfRecording, callsOfTrace } from '../core/evidence/made-calls.ts';
import type { Caller, MadeCalls } from '../core/evidence/made-calls.ts';
import { simulate } from '../core/evidence/simulate.ts';
import type { Finding, Simulation } from '../core/evidence/simulate.ts';
import { parseTrace } from '../core/evidence/trace-form.ts';
import { TRACE_KIND } from '../core/evidence/trace.ts';
import { isJsonObject } from '../core/json.ts';
import { plainText } from '../core/plain-text.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { addConditionOptions } from './condition-options.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionOptions, ConditionsMachine } from './conditions.ts';
import type { Document } from './documents.ts';
import { learntIn } from './learnt-profiles.ts';
import { logNotes, readFile, readProfile, subjectIn } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface SimulateRequest {
  readonly profile: string;
  /** Files with traces or recorded profiles. */
  readonly traces: readonly string[];
  readonly output: 'text' | 'json';
  /** The container for which a published profile is read. */
  readonly conditions: Conditions;
}

/** Statuses where the profile would have denied a call, and where that is not known; 1 is trouble. */
const DENIED = 3;
const UNKNOWN = 4;

/** Callers that are told of one call. */
const MOST_CALLERS = 10;

async function madeCalls({ value }: Document, subject: string): Promise<MadeCalls> {
  if (isJsonObject(value) && value['kind'] === TRACE_KIND) return callsOfTrace(parseTrace(value, subject), subject);
  const recorded = await learntIn({ value, index: 0, steps: [] }, subject);
  if (recorded.kind !== 'SeccompProfile') {
    throw new UserError(`${subject}: kind: is ${recorded.kind}, which tells of no system calls`);
  }
  return callsOfRecording(recorded, subject);
}

async function readCalls(path: string, terminal: Terminal): Promise<readonly MadeCalls[]> {
  const { documents } = await readFile(path, terminal);
  if (documents.length === 0) throw new UserError(`${path}: holds neither a trace nor a recorded profile`);
  return Promise.all(documents.map((document) => madeCalls(document, subjectIn(path, document, documents.length))));
}

function callerText({ source, executable, count, counted, first, last }: Caller): string {
  const by = executable === undefined ? '' : `, by ${executable === '' ? 'the start of the command' : executable}`;
  const times = first === undefined ? '' : first === last ? `, ${first}` : `, ${first} to ${last ?? ''}`;
  const unit = count === 1 ? counted.slice(0, -1) : counted;
  return `    ${source}${by}: ${String(count)} ${unit}${times}\n`;
}

function findingText({ name, architecture, outcome, reason, callers }: Finding): string {
  const more = callers.length - MOST_CALLERS;
  const rest = more > 0 ? [`    and ${String(more)} other callers\n`] : [];
  const lines = [...callers.slice(0, MOST_CALLERS).map(callerText), ...rest];
  return `  ${outcome}: ${name} (${architecture}): ${reason}\n${lines.join('')}`;
}

function textOf(subject: string, { names, findings }: Simulation, gaps: readonly string[]): string {
  const count = (outcome: Finding['outcome']): string =>
    String(new Set(findings.filter((one) => one.outcome === outcome).map(({ name }) => name)).size);
  const head = `${subject}: of ${String(names)} calls ${count('denied')} would be denied, ${count('unknown')} are not known\n`;
  return [head, ...findings.map(findingText), ...gaps.map((gap) => `  unknown: ${gap}\n`)].join('');
}

/**
 * Prints which calls the profile would have denied. The status is 3 where there are any, 4 where that is not known.
 * @throws UserError, InvalidProfile for what is no profile or no trace
 */
export async function simulateTraces(
  request: SimulateRequest,
  machine: ConditionsMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const document = await readProfile(request.profile, terminal, request.conditions);
  const { profile, subject } = document;
  if (profile.baseProfileName !== undefined) {
    throw new UserError(`${subject}: baseProfileName: merge ${profile.baseProfileName} in first`);
  }
  logNotes(document, terminal);
  const made: MadeCalls[] = [];
  for (const path of request.traces) made.push(...(await readCalls(path, terminal)));
  const simulation = simulate(
    profile,
    machine.architecture,
    made.flatMap(({ calls }) => calls),
  );
  const gaps = made.flatMap(({ source, gaps: own }) => own.map((gap) => `${source}: ${gap}`));
  const answer = { profile: subject, ...simulation, gaps };
  if (request.output === 'json') terminal.print(`${JSON.stringify(answer, undefined, 2)}\n`);
  else terminal.print(plainText(textOf(subject, simulation, gaps)));
  if (simulation.findings.some(({ outcome }) => outcome === 'denied')) return { type: 'status', status: DENIED };
  return simulation.findings.length + gaps.length > 0 ? { type: 'status', status: UNKNOWN } : SUCCESS;
}

/** The command and its options. */
export function simulateCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('simulate')
    .summary('tell which calls that were made a profile would have denied')
    .description(
      'Holds calls that were made against a profile: those of traces, which spoc record --trace writes, with their callers and ' +
        'times, and those of recorded profiles, of which only names are known. Ends with 3 if one would have been denied, and ' +
        'with 4 if none would as far as is known, but an answer depends on what is not known.',
    )
    .addArgument(new FileArgument('<profile>', 'the profile'))
    .addArgument(new FileArgument('<traces...>', 'traces and recorded profiles; - is standard input'))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'));
  return addConditionOptions(command).action(
    async (profile: string, traces: readonly string[], options: ConditionOptions & Pick<SimulateRequest, 'output'>) => {
      const { output } = options;
      const conditions = conditionsOf(options, machine);
      finish(await simulateTraces({ profile, traces, output, conditions }, machine, terminal));
    },
  );
}
