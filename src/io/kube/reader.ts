// SPDX-License-Identifier: Apache-2.0
// Reads from a cluster for commands of spoc: where a kubeconfig leads, one answer for each question. A file of its own
// in dist/, because the libraries behind a kubeconfig would cost every command their time; so errors do not cross it.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { errorText } from '../../core/errors.ts';
import type { Answer, Question } from '../../core/doctor/cluster-facts.ts';
import { isJsonObject } from '../../core/json.ts';
import { VERSION } from '../../core/version.ts';
import { KubeConnection, loadKubeConfig } from './connection.ts';
import { KubeTransport } from './transport.ts';

/** The cluster that a user names. */
export interface ClusterChoice {
  /** File of `--kubeconfig`; undefined for the usual ones. */
  readonly kubeconfig: string | undefined;
  /** Name of a context; undefined for the current one. */
  readonly context: string | undefined;
}

/** A cluster that can be read. */
export interface ClusterReader {
  /** Address of the API server. */
  readonly server: string;
  /** The namespace of the context, or of the pod around us; `default` where there is none. */
  readonly namespace: string;
  ask(question: Question): Promise<Answer>;
  /** The same about a text that is no JSON, such as a log: the body is a string. */
  askText(question: Question): Promise<Answer>;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** One question may take so long, in milliseconds. */
const PATIENCE_MS = 15_000;

/** The longest answer, in bytes: lists come in pages. */
const LONGEST_ANSWER = 64 << 20;

/** The file that a pod's account has in its containers, by which kubectl knows that it runs in a cluster. */
const ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Whether there is a cluster where kubectl would look for one: a kubeconfig, or the account of the pod around us. */
export function hasKubeconfig(env: Environment, accountToken = ACCOUNT_TOKEN): boolean {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(accountToken)) return true;
  const files = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  const usual = files.length > 0 ? files : [path.join(env['HOME'] ?? homedir(), '.kube', 'config')];
  return usual.some((file) => existsSync(file));
}

/** Opens a cluster; a sentence where the kubeconfig leads to none. */
export function openCluster({ kubeconfig, context }: ClusterChoice): ClusterReader | string {
  try {
    const config = loadKubeConfig(kubeconfig);
    if (context !== undefined) {
      if (config.getContextObject(context) === null) return `the kubeconfig has no context ${context}`;
      config.setCurrentContext(context);
    }
    const connection = new KubeConnection(config);
    const transport = new KubeTransport(connection, { userAgent: `spoc/${VERSION}`, timeoutMs: PATIENCE_MS });
    return {
      server: connection.server.href,
      namespace: connection.namespace ?? 'default',
      ask: (question) => ask(transport, question, false),
      askText: (question) => ask(transport, question, true),
      close: () => connection.close(),
    };
  } catch (cause) {
    return `the kubeconfig cannot be used: ${errorText(cause)}`;
  }
}

async function ask(transport: KubeTransport, { path: at, query }: Question, isText: boolean): Promise<Answer> {
  const request = {
    method: 'GET',
    path: at,
    longestAnswer: LONGEST_ANSWER,
    isText,
    ...(query === undefined ? {} : { query }),
  };
  try {
    const { status, body } = await transport.request(request, new AbortController().signal);
    if (status === 404) return { type: 'absent' };
    if (status >= 200 && status < 300) return { type: 'found', body };
    const said = isJsonObject(body) && typeof body['message'] === 'string' ? body['message'] : '';
    return { type: 'refused', why: said === '' ? `GET ${at} is answered with ${String(status)}` : said };
  } catch (cause) {
    return { type: 'refused', why: errorText(cause) };
  }
}
