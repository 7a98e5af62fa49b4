// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { ApiError } from '../../src/runtime/api.ts';
import { askedPauseMs, nextState, START } from '../../src/runtime/reflector-state.ts';
import type { State } from '../../src/runtime/reflector-state.ts';

const refused = (code: number) => new ApiError('GET /x', { code, reason: '', message: '' });
const watching: State = { type: 'watch', resourceVersion: '7' };
const paging: State = { type: 'list', next: 'page 3', paged: true };

describe('nextState()', () => {
  it('asks for the next page, and watches after the last one', () => {
    expect(nextState(START, { type: 'page', next: 'p2', resourceVersion: '5' })).to.deep.equal({
      ...paging,
      next: 'p2',
    });
    expect(nextState(paging, { type: 'page', next: '', resourceVersion: '5' })).to.deep.equal({
      ...watching,
      resourceVersion: '5',
    });
  });

  it('watches on from where a watch ended', () => {
    expect(nextState(watching, { type: 'watched', resourceVersion: '9' })).to.deep.equal({
      ...watching,
      resourceVersion: '9',
    });
  });

  for (const error of [new Error('socket hang up'), refused(500), refused(503), refused(429)]) {
    it(`stays where it was after ${error.message}`, () => {
      expect(nextState(watching, { type: 'failed', error })).to.deep.equal(watching);
      expect(nextState(paging, { type: 'failed', error })).to.deep.equal(paging);
    });
  }

  it('continues from the last version seen when a watch breaks in its middle', () => {
    const end = { type: 'failed', resourceVersion: '8', error: new Error('aborted') } as const;
    expect(nextState(watching, end)).to.deep.equal({ ...watching, resourceVersion: '8' });
  });

  for (const error of [
    refused(410),
    refused(403),
    refused(404),
    new SyntaxError('not JSON'),
    new TypeError('no Pod'),
  ]) {
    it(`lists again after a watch that ended with ${error.message}`, () => {
      expect(nextState(watching, { type: 'failed', resourceVersion: '8', error })).to.deep.equal(START);
    });
  }

  it('lists without pages when a page is no longer to be had', () => {
    expect(nextState(paging, { type: 'failed', error: refused(410) })).to.deep.equal({ ...START, paged: false });
    expect(nextState(paging, { type: 'failed', error: refused(403) })).to.deep.equal(START);
  });
});

describe('askedPauseMs()', () => {
  const told = (code: number, message: string) =>
    new ApiError('GET /x', { code, reason: '', message, retryAfterMs: 1000 });

  it('is what the server asks for, and nothing where it asks for nothing or gave no answer', () => {
    expect(askedPauseMs(told(429, 'too many requests'), 1)).to.equal(1000);
    expect(askedPauseMs(told(503, 'storage is (re)initializing'), 1)).to.equal(1000);
    expect(askedPauseMs(refused(429), 1)).to.equal(0);
    expect(askedPauseMs(new Error('socket hang up'), 1)).to.equal(0);
  });

  it('is left out twice where the cache of a new kind is being filled', () => {
    const filling = told(429, 'storage is (re)initializing');
    expect([1, 2, 3].map((failures) => askedPauseMs(filling, failures))).to.deep.equal([0, 0, 1000]);
  });
});
