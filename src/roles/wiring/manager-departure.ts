// SPDX-License-Identifier: Apache-2.0
// The manager's way out of a cluster: the signs of an uninstallation, the roles and the account that it keeps until it
// has let everything go, and the wait for that when the process is told to end.
import { departureGrants } from '../../core/deploy/departure.ts';
import type { DepartureParts } from '../../core/deploy/departure.ts';
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { OPERATOR } from '../../core/names.ts';
import { AccountGuard } from '../../handlers/manager/account-guard.ts';
import type { HeldObjects } from '../../handlers/manager/account-guard.ts';
import { Departure } from '../../handlers/manager/departure.ts';
import { DepartureRoles } from '../../handlers/manager/departure-roles.ts';
import { Leaving } from '../../handlers/manager/leaving.ts';
import { MANAGED_BINDINGS } from '../../handlers/sources/bindings.ts';
import { accountSource, definitionSource, homeSource } from '../../handlers/sources/departure.ts';
import { deploymentSource } from '../../handlers/sources/deployment.ts';
import { MANAGED_RECORDINGS } from '../../handlers/sources/recording-watches.ts';
import type { Transport } from '../../runtime/api.ts';
import { KubeClient } from '../../runtime/client.ts';
import { sleep } from '../../runtime/clock.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Source } from '../../runtime/handler.ts';
import { DEPLOYMENT, KindTable, KNOWN_KINDS, NAMESPACE } from '../../runtime/kinds.ts';
import { keyOf } from '../../runtime/object.ts';
import type { KubeObject } from '../../runtime/object.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';
import { TimeLimit } from '../../runtime/time-limit.ts';

/** The departure, as the rest of the manager needs it. */
export interface DepartureSide {
  readonly departure: Departure;
  readonly leaving: Leaving;
  /** Registers the handlers; `profiles` are the sources of all kinds of profiles. */
  register(profiles: readonly Source[]): void;
  /**
   * Waits until nothing is held any more, where the operator is being uninstalled, and takes its last roles away. To be
   * called when the process is told to end, before anything is stopped. Never rejects.
   *
   * @param isClear - whether nothing else is left that the manager would remove
   */
  leave(isClear: () => boolean): Promise<void>;
}

/** The process's own parts. */
export interface DepartureProcess {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
}

/** So long the process waits for it; the pod's grace period is longer. In milliseconds. */
const LEAVE_MS = 25_000;

/** How often it looks whether all is let go, and how long it waits for an answer of the API server, in milliseconds. */
const LOOK_MS = 50;
const ASK_MS = 1000;

/** Without an answer, the watches may still show an uninstallation within this time, in milliseconds. */
const SHOWN_MS = 5000;

/** Makes the departure of a manager. */
export function departureSide(operator: SpoOperator, parts: DepartureParts, process: DepartureProcess): DepartureSide {
  const { namespace } = parts;
  const departure = new Departure({
    namespace,
    namespaces: operator.reader(homeSource(namespace)),
    managers: operator.reader(deploymentSource(namespace)),
  });
  const leaving = new Leaving({
    departure,
    definitionsOf: (resource) => {
      const source = definitionSource(resource);
      return source === undefined ? undefined : operator.reader(source);
    },
  });
  let guard: AccountGuard | undefined;
  return {
    departure,
    leaving,
    register: (profiles) => {
      const sources: readonly Source[] = [...profiles, MANAGED_BINDINGS, MANAGED_RECORDINGS];
      const held: readonly HeldObjects[] = sources.map((source) => ({ source, reader: operator.reader(source) }));
      guard = new AccountGuard({ namespace, departure, held, accounts: operator.reader(accountSource(namespace)) });
      operator.register(guard);
      operator.register(new DepartureRoles({ ...parts, departure }));
    },
    leave: async (isClear) => {
      const client = new KubeClient(process.transport);
      const { clock } = process;
      if (guard === undefined || !(await hasBegun(departure, client, namespace, process))) return;
      const hasLeft = (): boolean => guard?.hasLeft() === true && isClear();
      if (await until(clock, LEAVE_MS, hasLeft)) await removeRoles(client, parts, process);
      else process.log.warn('the operator is uninstalled before it has taken off all its finalizers and webhooks');
    },
  };
}

/** Whether it holds within so many milliseconds. */
async function until(clock: Clock, ms: number, holds: () => boolean): Promise<boolean> {
  const limit = new TimeLimit(clock, ms, new AbortController().signal);
  while (!holds()) if (!(await sleep(clock, LOOK_MS, limit.signal))) return false;
  limit.stop();
  return true;
}

/**
 * Whether an uninstallation is what ends the process. The watches may not have shown it yet, and the permission to ask
 * may be gone already.
 */
async function hasBegun(
  departure: Departure,
  client: KubeClient,
  namespace: string,
  process: DepartureProcess,
): Promise<boolean> {
  if (departure.isNear()) return true;
  const found = await ask(client, namespace, process);
  if (found === 'unknown') return until(process.clock, SHOWN_MS, () => departure.isNear());
  return departure.isShownBy(...found) || departure.isNear();
}

/** The operator's Namespace and the manager's Deployment. */
async function ask(
  client: KubeClient,
  namespace: string,
  { clock, log }: DepartureProcess,
): Promise<Parameters<Departure['isShownBy']> | 'unknown'> {
  const limit = new TimeLimit(clock, ASK_MS, new AbortController().signal);
  try {
    return await Promise.all([
      client.get(NAMESPACE, { name: namespace }, limit.signal),
      client.get(DEPLOYMENT, { namespace, name: OPERATOR }, limit.signal),
    ]);
  } catch (error) {
    log.debug('the API server does not say why this process ends', { why: errorText(error) });
    return 'unknown';
  } finally {
    limit.stop();
  }
}

/** All at once, since the rest is not allowed any more without any of them; what stays goes with the Namespace. */
async function removeRoles(client: KubeClient, parts: DepartureParts, { clock, log }: DepartureProcess): Promise<void> {
  const kinds = new KindTable(KNOWN_KINDS);
  const limit = new TimeLimit(clock, ASK_MS, new AbortController().signal);
  const objects = departureGrants(parts) as readonly KubeObject[];
  const removed = objects.map((object) => client.remove(kinds.resourceOf(object), keyOf(object), {}, limit.signal));
  const failed = (await Promise.allSettled(removed)).filter(({ status }) => status === 'rejected');
  limit.stop();
  if (failed.length > 0) log.debug('some of the last roles are left to the garbage collector');
  log.info('nothing holds the objects of the operator any more');
}
