// SPDX-License-Identifier: Apache-2.0
// Requests as they are sent.
import { expect } from 'chai';
import { RequestPrinter } from '../../../src/io/kube/request-text.ts';

const printer = new RequestPrinter(new URL('https://[::1]:6443/prefix/'), 'test/1');

describe('RequestPrinter', () => {
  it('prints a request without a body, and one with a body that is longer in bytes than in characters', () => {
    const first = 'host: [::1]:6443\r\nuser-agent: test/1\r\nauthorization: Bearer t\r\n';
    const headers = { authorization: 'Bearer t' };
    expect(printer.print({ method: 'GET', path: '/api', query: { a: 'b c', d: 'ü\r\n' } }, headers)).to.equal(
      `GET /prefix/api?a=b+c&d=%C3%BC%0D%0A HTTP/1.1\r\n${first}accept: application/json\r\n\r\n`,
    );
    const sent = { method: 'PATCH', path: '/x', body: { a: 'ü', n: 18446744073709551615n }, contentType: 'a/b' };
    expect(printer.print({ ...sent, metadataOnly: true }, headers)).to.equal(
      `PATCH /prefix/x HTTP/1.1\r\n${first}accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, ` +
        'application/json\r\ncontent-type: a/b\r\ncontent-length: 35\r\n\r\n{"a":"ü","n":18446744073709551615}',
    );
  });

  it('says that a request has no body where its method may have one', () => {
    expect(printer.print({ method: 'POST', path: '/x' }, {})).to.match(/\r\ncontent-length: 0\r\n\r\n$/);
    expect(printer.print({ method: 'DELETE', path: '/x' }, {})).to.not.include('content-length');
  });

  it('prints other headers when they are others', () => {
    const [one, two] = ['1', '2'].map((token) => printer.print({ method: 'GET', path: '/' }, { token }));
    expect(one).to.include('token: 1').and.not.include('token: 2');
    expect(two).to.include('token: 2').and.not.include('token: 1');
  });

  it('prints nothing that ends a line, or is no text of HTTP', () => {
    const get = { method: 'GET', path: '/' };
    for (const part of ['\r\nx: y', '\n', '\0', 'ü']) {
      expect(() => printer.print({ ...get, path: `/${part}` }, {}), part).to.throw(TypeError, 'the path');
      expect(() => printer.print(get, { token: part }), part).to.throw(TypeError, 'the header token');
      expect(() => printer.print(get, { [`a${part}`]: 'b' }), part).to.throw(TypeError, 'the header');
      expect(() => printer.print({ ...get, body: {}, contentType: part }, {}), part).to.throw(TypeError);
    }
    expect(() => printer.print({ ...get, path: '/a b' }, {})).to.throw(TypeError);
  });
});
