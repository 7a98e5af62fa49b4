// SPDX-License-Identifier: Apache-2.0
// The options by which commands of spoc find a cluster, and the cluster as they read it.
import type { Command } from 'commander';
import type { Answer, Question } from '../core/doctor/cluster-facts.ts';
import { OPERATOR } from '../core/names.ts';
import { UserError } from './terminal.ts';

/** A cluster that can be read. */
export interface Cluster {
  /** Address of the API server. */
  readonly server: string;
  /** The namespace of its context; `default` where that names none. */
  readonly namespace: string;
  /** Never rejects: why there is no answer is the answer. */
  ask(question: Question): Promise<Answer>;
  /** The same about a text that is no JSON, such as a log: the body is a string. */
  askText(question: Question): Promise<Answer>;
  close(): void;
}

/** The cluster that a user names. */
export interface ClusterChoice {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

/** The functions of the machine that lead to a cluster. */
export interface ClusterMachine {
  /** Whether a kubeconfig is where kubectl would look for one. */
  hasKubeconfig(): Promise<boolean>;
  /** Opens a cluster; a sentence where the kubeconfig leads to none. */
  openCluster(choice: ClusterChoice): Promise<Cluster | string>;
}

/** Options of a command that reads a cluster. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: string;
  /** False by --no-cluster. */
  readonly cluster: boolean;
}

/** Adds the options. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', "the cluster's kubeconfig (default: where kubectl looks for it)")
    .option('--context <name>', 'the context of the kubeconfig')
    .option('-n, --namespace <name>', "the operator's namespace", OPERATOR)
    .option('--no-cluster', 'look at this machine only');
}

/**
 * The cluster that options name; undefined where there is none to look at.
 * @throws UserError for a kubeconfig that leads nowhere
 */
export async function clusterOf(
  options: Omit<ClusterOptions, 'namespace'>,
  machine: ClusterMachine,
): Promise<Cluster | undefined> {
  const { kubeconfig, context, cluster: wanted } = options;
  if (!wanted) return undefined;
  if (kubeconfig === undefined && context === undefined && !(await machine.hasKubeconfig())) return undefined;
  const cluster = await machine.openCluster({ kubeconfig, context });
  if (typeof cluster === 'string') throw new UserError(cluster);
  return cluster;
}
