// SPDX-License-Identifier: Apache-2.0
// The cost of a review in the webhook's process, from the text of the question to the text of the answer, without a
// network: with one binding in the namespace and with a thousand, which must not matter. In processor time.
import { logProfiles } from '../src/core/recording/log-profile.ts';
import { BindingWebhook } from '../src/admission/binding.ts';
import { parseReview, printReview } from '../src/admission/review.ts';
import { parseJson } from '../src/core/json.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';
import { manyBindings, reviewBody } from './reviews.ts';

const NAMESPACE = 'shop';
const ROUNDS = 15;
const REVIEWS = 2000;

/** Nanoseconds for each review, at 3,000 a second. */
const BAR = 1e9 / 3000;

/** Bindings that are not to matter, and by how much they may. */
const MANY = 1000;
const MANY_BAR = 1.3;

/** Nanoseconds of processor time for one call, in one round: other processes do not count. */
function timed(call: () => unknown): number {
  const started = process.cpuUsage();
  for (let done = 0; done < REVIEWS; done += 1) call();
  const { user, system } = process.cpuUsage(started);
  return ((user + system) * 1000) / REVIEWS;
}

/** From body to body. The store gives the same list while nothing changes, as here. */
function reviewing(count: number): () => string {
  const bindings = manyBindings(NAMESPACE, count);
  const webhook = new BindingWebhook({
    logProfiles: logProfiles('op'),
    obstacleFacts: () => ({ labels: {}, nodes: () => [], withoutAppArmor: new Set() }),
    bindings: () => bindings,
    profileState: () => 'installed',
    profileIdentity: () => undefined,
  });
  const body = reviewBody(NAMESPACE);
  return () => {
    const request = parseReview(parseJson(body));
    const answer = webhook.review(request);
    if (!answer.allowed || answer.outcome !== 'bound') throw new Error('the pod was not bound');
    return printReview(request.uid, answer);
  };
}

/** The figures of reviews. Rounds of all variants take turns, so that a busy machine is busy for all. */
export function measureAdmission(): readonly Figure[] {
  const body = reviewBody(NAMESPACE);
  const calls = [reviewing(1), reviewing(MANY), () => JSON.stringify(JSON.parse(body))];
  const rounds = Array.from({ length: ROUNDS }, () => calls.map(timed));
  const [one = 0, many = 0, floor = 0] = calls.map((_, at) => median(rounds.map((round) => round[at] ?? 0)));
  const json = { what: 'JSON.parse and JSON.stringify of the question', value: floor };
  return [
    { what: 'a review, 1 binding', value: one, unit: 'ns', floor: json, bar: BAR, peer: '9 to 11 ms with the network' },
    { what: `a review, ${String(MANY)} bindings`, value: many, unit: 'ns', floor: json, bar: BAR },
    {
      what: `${String(MANY)} bindings beside 1`,
      value: many / one,
      unit: 'x',
      floor: { what: 'the same', value: 1 },
      bar: MANY_BAR,
    },
  ];
}
