// SPDX-License-Identifier: Apache-2.0
// spoc validate: what the API server would say of objects in files, without a cluster, for editors and pipelines: a
// line for each fault, with the file, the line and the field. A profile that is no object is read as runtimes, Docker
// and Podman read it.
import { Command, Option } from 'commander';
import { isJsonObject } from '../core/json.ts';
import { InvalidProfile } from '../core/faults.ts';
import { unknownSyscalls } from '../core/seccomp/libseccomp/filter.ts';
import { narrowArguments } from '../core/seccomp/libseccomp/narrow-arguments.ts';
import { withNearest } from '../core/seccomp/misspelt.ts';
import { parseProfile, parsePublished } from '../core/seccomp/parse.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { runtimeArtifactFaults } from '../core/seccomp/runtime-artifact/check.ts';
import { stepsOf } from '../core/validation/fault.ts';
import { validate } from '../core/validation/validate.ts';
import { wideIntegers } from '../core/validation/wide-integers.ts';
import { KINDS } from '../gen/kinds.ts';
import { SHAPES } from '../gen/shape/all.ts';
import { FileArgument } from './command.ts';
import type { Finish } from './command.ts';
import { conditionsOf } from './conditions.ts';
import type { ConditionsMachine } from './conditions.ts';
import { parseDocuments, titleOf, UnreadableText } from './documents.ts';
import type { Document } from './documents.ts';
import { objectIn } from './object-kind.ts';
import type { ObjectKind } from './object-kind.ts';
import { objectKindOf } from './object-kinds.ts';
import { SUCCESS } from './terminal.ts';
import type { ExitResult, LineOf, Terminal } from './terminal.ts';

/** The user's request. */
export interface ValidateRequest {
  readonly files: readonly string[];
  readonly output: 'text' | 'json';
  readonly conditions: Conditions;
  /** Whether the files are to be pulled by container runtimes. */
  readonly runtimeArtifact: boolean;
}

/** One thing that was found. */
interface Finding {
  /** A warning is something that the API server takes and that means less than it seems to. */
  readonly severity: 'error' | 'warning';
  readonly field: string;
  readonly reason: string;
}

/** A finding with its place, as it is printed. */
interface PlacedFinding extends Finding {
  readonly file: string;
  /** From 1; 0 where it is not known. */
  readonly line: number;
  /** Kind and name of the object. */
  readonly object: string;
}

const error = (field: string, reason: string): Finding => ({ severity: 'error', field, reason });

/** The findings of reading the rules; field names get a prefix. */
function readRules(read: () => Parameters<typeof unknownSyscalls>[0], severity: Finding['severity'], prefix: string) {
  try {
    const profile = read();
    const unknown = unknownSyscalls(profile);
    const misspelt = unknown.length === 0 ? [] : [`no such system call, without effect: ${withNearest(unknown)}`];
    const narrow = narrowArguments(profile);
    const reasons = [...misspelt, ...(narrow === undefined ? [] : [narrow])];
    return reasons.map((reason): Finding => ({ severity: 'warning', field: `${prefix}syscalls`, reason }));
  } catch (cause) {
    if (!(cause instanceof InvalidProfile)) throw cause;
    return cause.faults.map(({ field, reason }): Finding => ({ severity, field: `${prefix}${field}`, reason }));
  }
}

/** The operator says more of a profile than the API server, as the condition of an object that was taken. */
function objectFindings(kind: ObjectKind, value: Readonly<Record<string, unknown>>): readonly Finding[] {
  const object = objectIn(value, titleOf(value));
  const faults = kind.faults(object).map(({ field, reason }): Finding => ({ severity: 'warning', field, reason }));
  if (faults.length > 0) return faults;
  return kind.warnings(object).map((reason) => ({ severity: 'warning', field: 'spec', reason }));
}

async function judge(value: unknown, request: ValidateRequest): Promise<readonly Finding[] | undefined> {
  if (!isJsonObject(value)) return [error('', 'is no object')];
  const { kind, apiVersion } = value;
  if (kind === undefined && ('defaultAction' in value || 'syscalls' in value)) {
    return readRules(() => parsePublished(value, '', request.conditions).profile, 'error', '');
  }
  if (kind === undefined) return [error('kind', 'is required')];
  const ours = KINDS.find((known) => known.kind === kind);
  const shape = ours === undefined ? undefined : await SHAPES[ours.kind]?.();
  if (ours === undefined || shape === undefined) return undefined;
  if (typeof apiVersion === 'string' && !apiVersion.startsWith(`${ours.group}/`)) return undefined;
  const told = [...validate(value, shape), ...wideIntegers(value)];
  const faults = told.map(({ path, message }) => error(path, message));
  if (faults.length > 0) return faults;
  const objectKind = await objectKindOf(value);
  if (objectKind !== undefined) return objectFindings(objectKind, value);
  if (kind !== 'SeccompProfile') return faults;
  return readRules(() => parseProfile(value['spec'], ''), 'warning', 'spec.');
}

/** Places findings in a text that is parsed for it when there are any. */
class Placer {
  private readonly text: string;
  private readonly terminal: Terminal;
  private lines: Promise<readonly LineOf[]> | undefined;

  constructor(text: string, terminal: Terminal) {
    this.text = text;
    this.terminal = terminal;
  }

  async line({ index, steps }: Document, field: string): Promise<number> {
    this.lines ??= this.terminal.yaml.locate(this.text);
    const lineOf = (await this.lines)[index];
    return lineOf === undefined ? 0 : lineOf([...steps, ...stepsOf(field)]);
  }
}

interface Checked {
  readonly findings: readonly PlacedFinding[];
  /** How many objects were held against a schema. */
  readonly count: number;
}

async function checkRuntimeFile(file: string, terminal: Terminal): Promise<Checked> {
  const text = await terminal.files.read(file);
  const placer = new Placer(text, terminal);
  const faults = runtimeArtifactFaults(text).map(async ({ field, reason }) => {
    const line = field === '' ? 0 : await placer.line({ value: undefined, index: 0, steps: [] }, field);
    return { file, line, object: '', ...error(field, reason) };
  });
  return { findings: await Promise.all(faults), count: 1 };
}

async function checkFile(file: string, request: ValidateRequest, terminal: Terminal): Promise<Checked> {
  const text = await terminal.files.read(file);
  const placer = new Placer(text, terminal);
  const findings: PlacedFinding[] = [];
  let count = 0;
  for (const document of await parseDocuments(text, file, terminal)) {
    const found = await judge(document.value, request);
    const object = titleOf(document.value);
    if (found === undefined) terminal.log(`${file}: not checked, as it is no kind of this operator: ${object}`);
    else count += 1;
    const placed = (found ?? []).map(async (one) => ({
      file,
      line: await placer.line(document, one.field),
      object,
      ...one,
    }));
    findings.push(...(await Promise.all(placed)).sort((a, b) => a.line - b.line));
  }
  return { findings, count };
}

async function checkReadable(file: string, request: ValidateRequest, terminal: Terminal): Promise<Checked> {
  try {
    return await (request.runtimeArtifact ? checkRuntimeFile(file, terminal) : checkFile(file, request, terminal));
  } catch (cause) {
    if (!(cause instanceof UnreadableText)) throw cause;
    const { line = 0, reason } = cause;
    return { findings: [{ file, line, object: '', ...error('', reason) }], count: 0 };
  }
}

function lineText({ file, line, severity, field, reason }: PlacedFinding): string {
  const place = line === 0 ? file : `${file}:${String(line)}`;
  return `${place}: ${severity === 'warning' ? 'warning: ' : ''}${field === '' ? '' : `${field}: `}${reason}\n`;
}

/**
 * Checks and prints what was found. The status is 1 where an object is invalid; warnings leave it 0.
 * @throws Error for a file that cannot be read
 */
export async function validateFiles(request: ValidateRequest, terminal: Terminal): Promise<ExitResult> {
  const checked: Checked[] = [];
  for (const file of request.files) checked.push(await checkReadable(file, request, terminal));
  const findings = checked.flatMap((one) => one.findings);
  if (request.output === 'json') terminal.print(`${JSON.stringify(findings, undefined, 2)}\n`);
  else terminal.print(findings.map(lineText).join(''));
  if (findings.some(({ severity }) => severity === 'error')) return { type: 'status', status: 1 };
  const count = checked.reduce((sum, one) => sum + one.count, 0);
  terminal.log(count === 1 ? '1 object is valid' : `${String(count)} objects are valid`);
  return SUCCESS;
}

interface ValidateOptions {
  readonly output: 'text' | 'json';
  readonly runtimeArtifact?: boolean;
}

/** The command and its options. */
export function validateCommand(machine: ConditionsMachine, terminal: Terminal, finish: Finish): Command {
  return new Command('validate')
    .summary('say what the API server would say of objects in files, without a cluster')
    .description(
      'Checks objects of all kinds of the operator against their schemas, and prints a line for each fault: file, line, field ' +
        'and reason. Ends with 1 if an object is invalid. A profile that is no object is checked as runtimes, Docker and ' +
        'Podman read it.',
    )
    .addArgument(new FileArgument('<files...>', 'files in YAML or JSON; - is standard input'))
    .addOption(new Option('-o, --output <form>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--runtime-artifact', 'hold JSON against what container runtimes take from a registry (KEP-6061)')
    .action(async (files: readonly string[], { output, runtimeArtifact = false }: ValidateOptions) => {
      finish(await validateFiles({ files, output, runtimeArtifact, conditions: conditionsOf({}, machine) }, terminal));
    });
}
