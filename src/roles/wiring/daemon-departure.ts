// SPDX-License-Identifier: Apache-2.0
// Why the daemon of a node is told to end. Where it is rolled out anew or its node is drained, all stays as it is.
// Where the operator is being uninstalled, nobody will take profiles from the node later: all that no pod needs goes
// first.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { isStatus } from '../../runtime/api.ts';
import type { Transport } from '../../runtime/api.ts';
import { KubeClient } from '../../runtime/client.ts';
import { sleep } from '../../runtime/clock.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { PolicyRule, Reader } from '../../runtime/handler.ts';
import { NAMESPACE } from '../../runtime/kinds.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import { TimeLimit } from '../../runtime/time-limit.ts';

/**
 * Whether the operator stays when this process ends. `idle`: it may stay, but without daemons, so that what belongs to
 * no profile any more would lie there until there are some again.
 */
export type DaemonEnd = 'stays' | 'idle' | 'uninstalled';

/** The cluster, as the daemon knows it. */
export interface DaemonDepartureParts {
  /** The operator's namespace. */
  readonly namespace: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly spodKey: ObjectKey;
  readonly spods: Reader<KubeObject>;
  /** The profiles of each kind that the node can have. */
  readonly profiles: readonly Reader<KubeObject>[];
}

/** So long the API server may take to answer, and deletions that have begun to be seen through, in milliseconds. */
const ASK_MS = 500;
const LINGER_MS = 5000;

/** A deletion that has begun shows within this time, in milliseconds: the kinds go one after the other. */
const SHOWN_MS = 1500;

const LOOK_MS = 50;

/** To ask for the operator's namespace. */
export function departureRule(namespace: string): PolicyRule {
  return {
    apiGroups: [''],
    resources: [NAMESPACE.plural],
    verbs: ['get'],
    resourceNames: [namespace],
    where: 'cluster',
  };
}

/**
 * To be called when the process is told to end, while it still works: profiles that are being deleted leave the node as
 * they always do. Never rejects.
 */
export async function daemonEnd(parts: DaemonDepartureParts): Promise<DaemonEnd> {
  const home = await homeOf(parts);
  if (home === 'goes') return 'uninstalled';
  if (home === 'stays' && !isSpodGone(parts)) return 'stays';
  const end = await linger(parts, home);
  if (end === 'uninstalled') return end;
  // `kubectl delete -f` takes the kinds first, and the spod with them: the Namespace goes a moment later, and with the
  // permissions by which the last deletions would have shown.
  const later = await homeOf(parts);
  return later === 'goes' || (later === 'refused' && isSpodGone(parts)) ? 'uninstalled' : end;
}

/** Without an answer, all is taken to stay: a daemon may well end while the API server is away. */
async function homeOf({
  namespace,
  transport,
  clock,
  log,
}: DaemonDepartureParts): Promise<'stays' | 'goes' | 'refused'> {
  const limit = new TimeLimit(clock, ASK_MS, new AbortController().signal);
  try {
    const home = await new KubeClient(transport).get(NAMESPACE, { name: namespace }, limit.signal);
    return home === undefined || isDeleting(home) ? 'goes' : 'stays';
  } catch (error) {
    log.debug('the API server does not say why this process ends', { why: errorText(error) });
    return isStatus(error, 401) || isStatus(error, 403) ? 'refused' : 'stays';
  } finally {
    limit.stop();
  }
}

/**
 * The DaemonSet goes with its spod object, and with the kinds that object and all profiles. A daemon that lost its
 * permissions learns it from the watches that it has.
 */
async function linger(parts: DaemonDepartureParts, home: 'stays' | 'refused'): Promise<DaemonEnd> {
  const { clock } = parts;
  const since = clock.monotonic();
  const limit = new TimeLimit(clock, LINGER_MS, new AbortController().signal);
  const end = await (async (): Promise<DaemonEnd> => {
    for (;;) {
      if (home === 'refused' && isSpodGone(parts)) return 'uninstalled';
      const all = parts.profiles.flatMap((reader) => reader.list());
      const isQuiet = !all.some(isDeleting) && clock.monotonic() - since >= SHOWN_MS;
      // The last deletions have shown, but may not have been looked at.
      if (isSpodGone(parts) && (all.length === 0 || isQuiet)) return 'idle';
      if (!(await sleep(clock, LOOK_MS, limit.signal))) return isSpodGone(parts) ? 'idle' : 'stays';
    }
  })();
  limit.stop();
  return end;
}

function isSpodGone({ spods, spodKey }: DaemonDepartureParts): boolean {
  const spod = spods.get(spodKey);
  return spod === undefined || isDeleting(spod);
}
