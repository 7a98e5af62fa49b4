// SPDX-License-Identifier: Apache-2.0
// Objects of a cluster in the place of files, named as kubectl names them: seccompprofile/web is the profile, and
// profilerecording/web all profiles that the recording has left, in the form of kubectl's lists.
import type { Command } from 'commander';
import type { Question } from '../core/doctor/cluster-facts.ts';
import { isJsonObject } from '../core/json.ts';
import { LABEL } from '../core/names.ts';
import { APP_ARMOR_PROFILE, PROFILE_RECORDING, SECCOMP_PROFILE, SELINUX_PROFILE } from '../gen/kinds.ts';
import type { Kind } from '../gen/kinds.ts';
import { clusterOf } from './cluster.ts';
import type { Cluster, ClusterMachine } from './cluster.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The kinds that recordings make. */
const LEARNT: readonly Kind[] = [SECCOMP_PROFILE, SELINUX_PROFILE, APP_ARMOR_PROFILE];

/** A file in a folder that is named like a kind, such as seccompprofiles/web.yaml; no object has such a name. */
const FILE_NAME = /\.(?:ya?ml|json)$/i;

const OBJECT_NAME = /^([A-Za-z]+)(?:\.([a-z0-9.-]+))?\/([a-z0-9][a-z0-9.-]*)$/;

/** The options by which a command finds objects. */
export interface ObjectOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** Adds the options. */
export function addObjectOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', "the namespace of objects (default: the context's)")
    .option('--kubeconfig <file>', "the objects' kubeconfig (default: where kubectl looks for it)")
    .option('--context <name>', 'the context of the kubeconfig');
}

interface NamedObject {
  readonly kind: Kind;
  readonly name: string;
}

/** The object that a word names; undefined for a file. */
export function namedObject(word: string): NamedObject | undefined {
  const [, kindWord = '', group, name] = FILE_NAME.test(word) ? [] : (OBJECT_NAME.exec(word) ?? []);
  const kind = [...LEARNT, PROFILE_RECORDING].find(({ plural, singular, shortNames }) =>
    [plural, singular, ...shortNames].includes(kindWord.toLowerCase()),
  );
  if (kind === undefined || name === undefined || (group !== undefined && group !== kind.group)) return undefined;
  return { kind, name };
}

/**
 * Does something with a terminal whose files may be objects, too. The cluster is opened for the first of them.
 * @throws UserError, from reading a file, for a kubeconfig that leads nowhere and for an object that cannot be had
 */
export async function withObjects<T>(
  options: ObjectOptions,
  machine: ClusterMachine,
  terminal: Terminal,
  work: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  let opened: Cluster | undefined;
  const read = async (word: string): Promise<string> => {
    const object = namedObject(word);
    if (object === undefined) return terminal.files.read(word);
    opened ??= await clusterFor(word, options, machine);
    return textOf(word, object, options.namespace ?? opened.namespace, opened);
  };
  try {
    return await work(readingBy(read, terminal));
  } finally {
    opened?.close();
  }
}

/** The same terminal, which may be an object or a class, with another way to read files. */
function readingBy(read: Terminal['files']['read'], terminal: Terminal): Terminal {
  const { files, yaml } = terminal;
  return {
    files: {
      read,
      readTrusted: (file) => files.readTrusted(file),
      openOutput: (file) => files.openOutput(file),
    },
    yaml,
    log: (message) => terminal.log(message),
    print: (text) => terminal.print(text),
  };
}

async function clusterFor(word: string, options: ObjectOptions, machine: ClusterMachine): Promise<Cluster> {
  const cluster = await clusterOf({ ...options, cluster: true }, machine);
  if (cluster === undefined)
    throw new UserError(`${word}: there is no kubeconfig: give --kubeconfig, or ./${word} for a file`);
  return cluster;
}

async function textOf(word: string, { kind, name }: NamedObject, namespace: string, cluster: Cluster): Promise<string> {
  const place = `${word} in namespace ${namespace}`;
  if (kind.kind !== PROFILE_RECORDING.kind) {
    const body = await found(place, { path: `${pathOf(kind, namespace)}/${name}` }, cluster);
    if (body === undefined) throw new UserError(`${place}: there is no such object`);
    return JSON.stringify(body);
  }
  const query = { labelSelector: `${LABEL.recordingId}=${name}` };
  const lists = LEARNT.map((learnt) => found(place, { path: pathOf(learnt, namespace), query }, cluster));
  const items = (await Promise.all(lists)).flatMap(itemsOf);
  if (items.length === 0) throw new UserError(`${place}: there is no profile of it`);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function pathOf({ group, version, plural }: Kind, namespace: string): string {
  return `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
}

/** The answer to a question; undefined where there is none, as of a kind that the cluster does not have. */
async function found(place: string, question: Question, cluster: Cluster): Promise<unknown> {
  const answer = await cluster.ask(question);
  if (answer.type === 'refused') throw new UserError(`${place}: ${answer.why}`);
  return answer.type === 'found' ? answer.body : undefined;
}

/** Those that are being deleted are parts that have been merged. */
function itemsOf(list: unknown): readonly unknown[] {
  const items = isJsonObject(list) && Array.isArray(list['items']) ? (list['items'] as readonly unknown[]) : [];
  return items.filter((item) => !isJsonObject(item) || !isJsonObject(item['metadata']) || !isGone(item['metadata']));
}

function isGone(metadata: Readonly<Record<string, unknown>>): boolean {
  return metadata['deletionTimestamp'] !== undefined;
}
