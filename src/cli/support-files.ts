// SPDX-License-Identifier: Apache-2.0
// The files of a support dump that come from a cluster: objects of our kinds, what runs in the operator's namespace,
// its events and logs. Secrets are taken out before a text is made.
import { pathOfKind, questionsFor } from '../core/doctor/cluster-facts.ts';
import type { Answer, Question } from '../core/doctor/cluster-facts.ts';
import { itemsOf, listAt, textAt } from '../core/doctor/reading.ts';
import { textWithoutSecrets, withoutSecrets } from '../core/dump/leave-out.ts';
import type { ArchiveEntry } from '../core/dump/tar.ts';
import { KINDS } from '../gen/kinds.ts';
import { printJson } from '../core/json.ts';
import type { Cluster } from './cluster.ts';

/** The last lines of a container's log, and the most bytes, that are taken. */
const LOG_LIMITS = { tailLines: '5000', limitBytes: '2097152', timestamps: 'true' } as const;

/** The most pages of a list: ten thousand objects. */
const PAGES = 20;

/** A value as a file, without what is secret. */
export function valueFile(path: string, value: unknown): ArchiveEntry {
  return { path, text: `${printJson(withoutSecrets(value), 1)}\n` };
}

function unanswered(path: string, answer: Exclude<Answer, { type: 'found' }>): ArchiveEntry {
  const why = answer.type === 'absent' ? 'is not there' : textWithoutSecrets(answer.why);
  return { path: `${path}.absent.txt`, text: `${why}\n` };
}

/** All pages of a list. */
async function listOf(cluster: Cluster, question: Question): Promise<Answer> {
  const items: unknown[] = [];
  let token: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { limit: '500', ...question.query, ...(token === undefined ? {} : { continue: token }) };
    const answer = await cluster.ask({ path: question.path, query });
    if (answer.type !== 'found') return page === 0 ? answer : { type: 'found', body: { items, isCutShort: true } };
    items.push(...itemsOf(answer));
    token = textAt(answer.body, 'metadata', 'continue');
    if (token === undefined || token === '') return { type: 'found', body: { items } };
  }
  return { type: 'found', body: { items, isCutShort: true } };
}

/** The objects that are taken, by the file that holds them. */
function objectQuestions(namespace: string): readonly (readonly [file: string, question: Question])[] {
  const { single, definitions, webhooks } = questionsFor(namespace);
  const { deployment, daemonSet, nodes, endpoints, policies, version, home, account } = single;
  const parts = { version, home, account, deployment, daemonSet, nodes, endpoints, policies };
  return [
    ...KINDS.map((kind) => [`objects/${kind.plural}`, { path: pathOfKind(kind) }] as const),
    ...Object.entries(parts).map(([name, question]) => [`cluster/${name}`, question] as const),
    ...definitions.map((question, index) => [`definitions/${KINDS[index]?.plural ?? ''}`, question] as const),
    ...webhooks.map((question) => [`cluster/${question.path.split('/').at(-1) ?? ''}`, question] as const),
    ['cluster/events', { path: `/api/v1/namespaces/${namespace}/events` }],
    ['cluster/deployments', { path: `/apis/apps/v1/namespaces/${namespace}/deployments` }],
  ];
}

async function objectFile(cluster: Cluster, file: string, question: Question): Promise<ArchiveEntry> {
  const answer = await listOf(cluster, question);
  if (answer.type !== 'found') return unanswered(file, answer);
  const { items } = answer.body as { readonly items: readonly unknown[] };
  if (items.length > 0) return valueFile(`${file}.json`, answer.body);
  // Not a list, or an empty one: the answer as it is.
  const whole = await cluster.ask(question);
  return whole.type === 'found' ? valueFile(`${file}.json`, whole.body) : unanswered(file, whole);
}

function containersOf(pod: unknown): readonly string[] {
  return ['initContainers', 'containers'].flatMap((key) =>
    listAt(pod, 'spec', key).map((container) => textAt(container, 'name') ?? ''),
  );
}

async function logFiles(cluster: Cluster, namespace: string, pod: unknown): Promise<readonly ArchiveEntry[]> {
  const name = textAt(pod, 'metadata', 'name') ?? '';
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  const runs = containersOf(pod).flatMap((container) => [{ container }, { container, previous: 'true' }]);
  const files: ArchiveEntry[] = [];
  for (const run of runs) {
    const answer = await cluster.askText({ path, query: { ...LOG_LIMITS, ...run } });
    const file = `logs/${name}/${run.container}${'previous' in run ? '.previous' : ''}`;
    if (answer.type === 'found') files.push({ path: `${file}.log`, text: textWithoutSecrets(String(answer.body)) });
    else if (!('previous' in run)) files.push(unanswered(file, answer));
  }
  return files;
}

/** Everything that is taken from a cluster. */
export async function supportFiles(cluster: Cluster, namespace: string): Promise<readonly ArchiveEntry[]> {
  const files: ArchiveEntry[] = [];
  for (const [file, question] of objectQuestions(namespace)) files.push(await objectFile(cluster, file, question));
  const pods = await listOf(cluster, { path: `/api/v1/namespaces/${namespace}/pods` });
  files.push(pods.type === 'found' ? valueFile('cluster/pods.json', pods.body) : unanswered('cluster/pods', pods));
  for (const pod of itemsOf(pods)) files.push(...(await logFiles(cluster, namespace, pod)));
  return files;
}
