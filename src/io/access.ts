// SPDX-License-Identifier: Apache-2.0
// Who may read a path of ours: the API server says whose token it is (TokenReview) and what they may do
// (SubjectAccessReview). Its answers are kept for a short while, so that a scrape every ten seconds asks it once a minute.
import { createHash } from 'node:crypto';

/** Asks the API server to fill in a review; returns its status. Rejects when no answer came. */
export type Reviewer = (kind: 'TokenReview' | 'SubjectAccessReview', spec: object) => Promise<unknown>;

/** The answer to somebody with a token. */
export type Access = 'allowed' | 'unauthenticated' | 'forbidden';

interface Remembered {
  readonly answer: Promise<Access>;
  readonly until: number;
}

/** How long an answer is good for, in milliseconds: a new permission shows soon, a withdrawn one within a minute. */
const GOOD_MS: Readonly<Record<Access, number>> = { allowed: 60_000, unauthenticated: 10_000, forbidden: 10_000 };

/** While the API server has not answered, its question stands this long. */
const PENDING_MS = 30_000;

/** Answers that are kept; a guesser of tokens must not fill the memory. */
const REMEMBERED = 256;

/** Decides over access to paths by bearer token. */
export class AccessControl {
  private readonly review: Reviewer;
  private readonly now: () => number;
  private readonly answers = new Map<string, Remembered>();

  /** `now` never jumps, as the wall clock may: an answer of before would stand for as long as that went back. */
  constructor(review: Reviewer, now: () => number = () => performance.now()) {
    this.review = review;
    this.now = now;
  }

  /** Whether the bearer of the token may GET the path. Rejects when the API server does not answer. */
  async check(token: string, path: string): Promise<Access> {
    const key = createHash('sha256').update(`${path}\n${token}`).digest('base64');
    const known = this.answers.get(key);
    if (known !== undefined && known.until > this.now()) return known.answer;
    const answer = this.ask(token, path);
    this.keep(key, { answer, until: this.now() + PENDING_MS });
    try {
      this.keep(key, { answer, until: this.now() + GOOD_MS[await answer] });
    } catch (error) {
      this.answers.delete(key);
      throw error;
    }
    return answer;
  }

  private keep(key: string, remembered: Remembered): void {
    this.answers.delete(key);
    this.answers.set(key, remembered);
    const oldest = this.answers.keys().next();
    if (this.answers.size > REMEMBERED && oldest.done !== true) this.answers.delete(oldest.value);
  }

  private async ask(token: string, path: string): Promise<Access> {
    const who = fieldsOf(await this.review('TokenReview', { token }));
    if (who['authenticated'] !== true) return 'unauthenticated';
    const { username, uid, groups, extra } = fieldsOf(who['user']);
    const nonResourceAttributes = { path, verb: 'get' };
    const spec = { user: username, uid, groups, extra, nonResourceAttributes };
    const may = fieldsOf(await this.review('SubjectAccessReview', spec));
    return may['allowed'] === true ? 'allowed' : 'forbidden';
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
