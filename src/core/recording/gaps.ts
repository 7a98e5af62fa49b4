// SPDX-License-Identifier: Apache-2.0
// The gaps of a recording of containers, in sentences: the reasons are those of the evidence, so that a sentence counts
// nothing twice however often a profile is written.

type Sentence = (count: number) => string;

/**
 * The reasons that there are, in the order in which they are told. `process` to `detached` come from the program that
 * records (schemas/wire/container-recorder.json), the others from those who follow it.
 */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  process: (count) =>
    `${count} processes could not be followed: their system calls and those of their children are missing`,
  number: (count) => `${count} calls had a number that no system call has; they are not in the profile`,
  'unnamed-call': (count) => `${count} system calls without a known name are not in the profile`,
  'too-many-calls': (count) => `${count} calls were beyond the number that is kept of one container`,
  'too-many-accesses': (count) => `${count} records were of accesses beyond the number that is kept of one container`,
  'unnamed-access': (count) => `${count} accesses were of objects that no rule can name, and are not in the profile`,
  'beyond-abstract': (count) =>
    `${count} accesses were of a sort that the abstract form of a profile does not have, and are not in it`,
  levels: (count) => `${count} accesses were to objects of other categories, which no profile can permit`,
  'logged-once': () =>
    'the kernel may log an access once for several containers: those that another one had before may be missing',
  container: (count) => `there was no room for ${count} containers, and this one may be one of them`,
  event: (count) => `${count} messages of the kernel did not arrive`,
  detached: (count) => `the recorder let go of ${count} containers that ran on: what they did then is missing`,
  start: (count) => `${count} containers ran before they were recorded: what they did until then may be missing`,
  'late-decision': (count) => `for ${count} containers it was known too late that they are recorded`,
  'unseen-run': (count) => `${count} containers ran without having been seen: nothing of them is in the profile`,
  'recorder-restart': (count) =>
    `the recorder was started anew ${count} times while containers ran: what they did meanwhile is missing`,
  'enricher-restart': () =>
    'the log enricher was started anew while containers ran: calls that it had not yet written may be missing',
  lost: (count) => `${count} audit records of the node were lost before they were read, perhaps of this container`,
  overflow: (count) => `for ${count} audit records the kernel had no room, perhaps of this container`,
  unattributed: (count) => `of ${count} audit records the container was not to be found, it may be this one`,
  'cut-off': (count) => `${count} lines of the log were cut off, perhaps of this container`,
  'too-long': (count) => `${count} lines of the log were too long, perhaps of this container`,
  'not-understood': (count) => `${count} audit records were not understood, perhaps of this container`,
  'unknown-architecture': (count) => `${count} calls were of an architecture that is not known`,
  'end-not-seen': () => 'the end of containers that were recorded was not seen',
};

/** A sentence without a full stop for each reason of which something was lost; none where nothing was. */
export function gapSentences(lost: Readonly<Record<string, number>>): readonly string[] {
  const known = Object.entries(SENTENCES).flatMap(([reason, sentence]) => {
    const count = Object.hasOwn(lost, reason) ? (lost[reason] ?? 0) : 0;
    return count === 0 ? [] : [sentence(count)];
  });
  const others = Object.entries(lost)
    .filter(([reason, count]) => count > 0 && reason !== 'total' && !Object.hasOwn(SENTENCES, reason))
    .map(([reason, count]) => `${count} times something was lost (${reason})`)
    .sort();
  return [...known, ...others];
}
