// SPDX-License-Identifier: Apache-2.0
// When a server is asked again, and how long that is waited for.
import { expect } from 'chai';
import { persistent } from '../../../src/io/registry/patience.ts';

interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const says = (status: number, after?: string): Said => ({
  status,
  headers: after === undefined ? {} : { 'retry-after': after },
});

/** The status in the end, and the pauses before it. */
async function outcome(...answers: readonly Said[]): Promise<readonly [status: number, ...pauses: number[]]> {
  const left = [...answers];
  const pauses: number[] = [];
  const ask = async (): Promise<Said> => left.shift() ?? says(200);
  const { status } = await persistent(ask, async (ms) => void pauses.push(ms));
  return [status, ...pauses];
}

describe('io/registry/patience', () => {
  it('asks again where a server is busy or broken', async () => {
    expect(await outcome(says(429), says(503))).to.deep.equal([200, 500, 1000]);
  });

  it('takes a yes and a no at once', async () => {
    for (const status of [200, 201, 307, 400, 401, 404, 501]) {
      expect(await outcome(says(status))).to.deep.equal([status]);
    }
  });

  it('gives up in the end', async () => {
    const busy = says(502);
    expect(await outcome(busy, busy, busy, busy, busy)).to.deep.equal([502, 500, 1000, 2000]);
  });

  it('waits as long as the server asks, if a user would', async () => {
    expect(await outcome(says(429, '7'))).to.deep.equal([200, 7000]);
    expect(await outcome(says(429, '3600'))).to.deep.equal([429]);
    expect(await outcome(says(503, 'Fri, 31 Dec 1999 23:59:59 GMT'))).to.deep.equal([200, 500]);
  });
});
