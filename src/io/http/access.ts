// SPDX-License-Identifier: Apache-2.0
// Access control of our HTTP paths: the API server says whose token it is (TokenReview) and whether that user may read
// the path (SubjectAccessReview). Its answers are kept for a short while, so that a scrape every ten seconds asks it
// once a minute.
import { createHash } from 'node:crypto';
import { SharedRate } from '../../core/rate.ts';
import { Turns } from './turns.ts';

/** Asks the API server to fill in a review; returns its status. Rejects when no answer came. */
export type Reviewer = (kind: 'TokenReview' | 'SubjectAccessReview', spec: object) => Promise<unknown>;

/** The API server's answer for a token. */
type Verdict = 'allowed' | 'unauthenticated' | 'forbidden';

/** The answer for a token; `busy`: too many reviews are under way. */
export type Access = Verdict | 'busy';

/** How long an answer is good for, in milliseconds: a new permission shows soon, a withdrawn one within a minute. */
const GOOD_MS: Readonly<Record<Verdict, number>> = { allowed: 60_000, unauthenticated: 10_000, forbidden: 10_000 };

/**
 * Limits the reviews at a time and those that wait, because a client that guesses tokens must not load the API server.
 */
const ROOM = { running: 8, waiting: 32 };

/**
 * Limits the questions about unknown tokens, from one address and from all: each is a request or two to the API server,
 * of the one account of all nodes.
 */
const QUESTIONS_OF_EACH = { burst: 10, refillMs: 500 };
const QUESTIONS_OF_ALL = { burst: 30, refillMs: 100 };

/** Answers of each sort that are kept; a guesser of tokens must not fill the memory. */
const REMEMBERED = 256;

/** Decides over access to paths by bearer token. */
export class AccessControl {
  private readonly review: Reviewer;
  private readonly now: () => number;
  private readonly turns = new Turns(ROOM);
  private readonly questions = new SharedRate(QUESTIONS_OF_EACH, QUESTIONS_OF_ALL);
  private readonly pending = new Map<string, Promise<Access>>();
  /** Apart from the refused, so that a flood of these does not push the answer to a scraper out. */
  private readonly allowed = new Verdicts();
  private readonly refused = new Verdicts();

  /** `now` never jumps, as the wall clock may: an answer of before would stand for as long as that went back. */
  constructor(review: Reviewer, now: () => number = () => performance.now()) {
    this.review = review;
    this.now = now;
  }

  /**
   * Whether the bearer of the token may GET the path. Rejects when the API server does not answer.
   * @param from - the address that asks
   */
  async check(token: string, path: string, from: string): Promise<Access> {
    const key = createHash('sha256').update(`${path}\n${token}`).digest('base64');
    const known = this.allowed.get(key) ?? this.refused.get(key);
    if (known !== undefined && known.until > this.now()) return known.verdict;
    const asked = this.pending.get(key);
    if (asked !== undefined) return asked;
    // A token that was allowed before goes first: unknown clients must not keep a scraper from renewing its answer.
    const isScraper = known?.verdict === 'allowed';
    if (!isScraper && !this.questions.spend(from, this.now())) return 'busy';
    const answer = this.turns.run(() => this.ask(token, path), isScraper);
    if (answer === undefined) return 'busy';
    this.pending.set(key, answer);
    try {
      this.keep(key, await answer);
    } finally {
      this.pending.delete(key);
    }
    return answer;
  }

  private keep(key: string, verdict: Verdict): void {
    const [now, before] = verdict === 'allowed' ? [this.allowed, this.refused] : [this.refused, this.allowed];
    before.delete(key);
    now.set(key, { verdict, until: this.now() + GOOD_MS[verdict] });
  }

  private async ask(token: string, path: string): Promise<Verdict> {
    const who = fieldsOf(await this.review('TokenReview', { token }));
    if (who['authenticated'] !== true) return 'unauthenticated';
    const { username, uid, groups, extra } = fieldsOf(who['user']);
    const nonResourceAttributes = { path, verb: 'get' };
    const spec = { user: username, uid, groups, extra, nonResourceAttributes };
    const may = fieldsOf(await this.review('SubjectAccessReview', spec));
    return may['allowed'] === true ? 'allowed' : 'forbidden';
  }
}

interface Remembered {
  readonly verdict: Verdict;
  readonly until: number;
}

/** Verdicts by asker and path: those that were given last. */
class Verdicts {
  private readonly all = new Map<string, Remembered>();

  get(key: string): Remembered | undefined {
    return this.all.get(key);
  }

  set(key: string, remembered: Remembered): void {
    this.all.delete(key);
    this.all.set(key, remembered);
    const oldest = this.all.keys().next();
    if (this.all.size > REMEMBERED && oldest.done !== true) this.all.delete(oldest.value);
  }

  delete(key: string): void {
    this.all.delete(key);
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
