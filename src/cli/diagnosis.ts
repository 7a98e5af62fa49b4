// SPDX-License-Identifier: Apache-2.0
// Gathers the facts for findings, of this machine and of a cluster, for the commands that tell them.
import type { Validity } from '../core/certificates.ts';
import { questionsFor } from '../core/doctor/cluster-facts.ts';
import type { Answer, ClusterFacts, Question } from '../core/doctor/cluster-facts.ts';
import { judgeCluster } from '../core/doctor/cluster.ts';
import type { Finding } from '../core/doctor/finding.ts';
import type { NodeFacts } from '../core/doctor/node-facts.ts';
import { judgeNode } from '../core/doctor/node.ts';
import { textAt } from '../core/doctor/reading.ts';
import type { Cluster, ClusterMachine } from './cluster.ts';

/** The functions of the machine that a diagnosis needs. */
export interface DiagnosingMachine extends ClusterMachine {
  /** Looks at this machine. */
  examine(kubeletDir: string): Promise<NodeFacts>;
  /** When the first certificate of a PEM text is valid. */
  validityOf(pem: string): Validity | undefined;
  /** Milliseconds since 1970. */
  time(): number;
}

/** The things to look at. */
export interface DiagnosisRequest {
  /** Undefined: this machine is not looked at. */
  readonly kubeletDir: string | undefined;
  readonly cluster: Cluster | undefined;
  readonly namespace: string;
}

/** All findings. */
export async function diagnose(request: DiagnosisRequest, machine: DiagnosingMachine): Promise<readonly Finding[]> {
  const { kubeletDir, cluster, namespace } = request;
  const [node, answers] = await Promise.all([
    kubeletDir === undefined ? undefined : machine.examine(kubeletDir),
    cluster === undefined ? undefined : clusterFacts(cluster, namespace, machine),
  ]);
  return [...(node === undefined ? [] : judgeNode(node)), ...(answers === undefined ? [] : judgeCluster(answers))];
}

async function clusterFacts(cluster: Cluster, namespace: string, machine: DiagnosingMachine): Promise<ClusterFacts> {
  const { single, definitions, objects, webhooks, secrets } = questionsFor(namespace);
  // Alone, first: where nobody answers, thirty questions would each wait.
  const version = await cluster.ask(single.version);
  const ask = async (question: Question): Promise<Answer> =>
    version.type === 'found' ? cluster.ask(question) : version;
  const askAll = (questions: readonly Question[]): Promise<readonly Answer[]> => Promise.all(questions.map(ask));
  return {
    namespace,
    now: machine.time(),
    single: {
      version,
      spods: await ask(single.spods),
      deployment: await ask(single.deployment),
      daemonSet: await ask(single.daemonSet),
      pods: await ask(single.pods),
      nodes: await ask(single.nodes),
      reports: await ask(single.reports),
      endpoints: await ask(single.endpoints),
      policies: await ask(single.policies),
      roles: await ask(single.roles),
      bindings: await ask(single.bindings),
      home: await ask(single.home),
      account: await ask(single.account),
    },
    definitions: await askAll(definitions),
    objects: await askAll(objects),
    webhooks: await askAll(webhooks),
    certificates: (await askAll(secrets)).map((answer) => certificateFact(answer, machine)),
    validityOf: (pem) => machine.validityOf(pem),
  };
}

/** Of a Secret only the dates of its certificate are kept. */
function certificateFact(answer: Answer, machine: DiagnosingMachine): ClusterFacts['certificates'][number] {
  if (answer.type !== 'found') return answer;
  const encoded = textAt(answer.body, 'data', 'tls.crt') ?? '';
  return { type: 'found', validity: machine.validityOf(Buffer.from(encoded, 'base64').toString('latin1')) };
}
