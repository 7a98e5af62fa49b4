// SPDX-License-Identifier: Apache-2.0
// The three functions that a library asks for.
import { expect } from 'chai';
import { provideMetadata } from '../../../src/io/http/reflect-metadata.ts';

interface WithMetadata {
  readonly getMetadata: (name: unknown, target: object) => unknown;
  readonly defineMetadata: (name: unknown, value: unknown, target: object) => void;
}

describe('io/reflect-metadata', () => {
  it('keeps values by object and name, and is provided once', () => {
    provideMetadata();
    const reflect = Reflect as unknown as WithMetadata;
    const { getMetadata } = reflect;
    const target = {};
    reflect.defineMetadata('a', 1, target);
    reflect.defineMetadata('b', 2, target);
    expect(getMetadata('a', target)).to.equal(1);
    expect(getMetadata('b', target)).to.equal(2);
    expect(getMetadata('a', {})).to.equal(undefined);
    provideMetadata();
    expect(reflect.getMetadata).to.equal(getMetadata);
  });
});
